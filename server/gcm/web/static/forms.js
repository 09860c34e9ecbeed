// Suggests things by their names, in any language, while somebody types into a field of a form. Without this
// script the button beside the field searches.
const PAUSE_MS = 150;

function listFor(input) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-found`;
  input.after(list);
  input.setAttribute("list", list.id);
  return list;
}

function show(list, suggestions) {
  list.replaceChildren(
    ...suggestions.map(({ value, label }) =>
      Object.assign(document.createElement("option"), { value, label: label === value ? "" : label }),
    ),
  );
}

async function suggest(input, list, signal) {
  const address = new URL(input.dataset.suggest, location.href);
  address.searchParams.set("q", input.value);
  const answer = await fetch(address, { signal });
  if (answer.ok) {
    show(list, (await answer.json()).suggestions);
  }
}

function attend(input) {
  let list;
  let timer;
  let asked = new AbortController();
  input.addEventListener("input", () => {
    clearTimeout(timer);
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    timer = setTimeout(async () => {
      list ??= listFor(input);
      try {
        await suggest(input, list, signal);
      } catch (error) {
        if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error; // the button still searches
      }
    }, PAUSE_MS);
  });
}

document.querySelectorAll("input[data-suggest]").forEach(attend);
