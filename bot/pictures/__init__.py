"""Pictures that a person may keep: the cycle map, and the weeks. Made when asked for, as SVG or PNG; never stored."""
