// The one tag: <script src="https://coach.example/toward.js"></script>. docs/embed.md says what data-... can choose.
(() => {
  const { src, dataset } = document.currentScript;
  const options = { ...dataset };
  import(new URL("static/widget.js", src))
    .then(({ begin }) => begin(new URL(".", src), options))
    .catch((error) => console.error(`The chat of ${src} could not be loaded. ${error.message}`));
})();
