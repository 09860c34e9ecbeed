// Ctrl+Enter (or Cmd+Enter) in the query asks it. Without this script the button does.
const query = document.getElementById("query");
const hint = document.getElementById("keys");

query?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    query.form.requestSubmit();
  }
});

if (query && hint) {
  hint.append(" Ctrl+Enter asks.");
}
