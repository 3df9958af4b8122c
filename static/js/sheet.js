// The pad sheet's only key: the browser's own print dialog.
const key = document.getElementById("print");
key.hidden = false;
key.addEventListener("click", () => window.print());
