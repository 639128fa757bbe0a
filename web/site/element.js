// `<zkimg-proof src="picture.png">` for articles: the picture, and a button that checks it where it is read.
//
//     <script type="module" src="/zkimg/element.js"></script>
//     <zkimg-proof src="published.png" proof="published.zkimg" alt="…" page="https://…/"></zkimg-proof>
//
// These files lie on the article's own server, as workers must. The article's page runs this, so a reader who does not trust it opens the link below, to a page that they do trust.
import { fetched, nodes, verify } from "./zkimg.js";
import { lists } from "./trust.js";

class ZkimgProof extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const inside = this.attachShadow({ mode: "open" });
    for (const name of ["report.css", "page.css"]) {
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = new URL(name, import.meta.url);
      inside.append(style);
    }
    const picture = document.createElement("img");
    picture.src = this.getAttribute("src") ?? "";
    picture.alt = this.getAttribute("alt") ?? "";
    picture.style.maxWidth = "100%";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "What is proved about this picture?";
    const said = document.createElement("div");
    said.setAttribute("role", "status");
    button.addEventListener("click", () => this.#check(said, button));
    inside.append(picture, document.createElement("br"), button, said);
    const page = this.getAttribute("page");
    if (page) inside.append(this.#elsewhere(page));
  }

  #addresses() {
    const src = this.getAttribute("src") ?? "";
    // Without a proof beside it, the one inside the picture is meant.
    return [src, this.getAttribute("proof")].filter((address) => address !== null).map((address) => new URL(address, document.baseURI).href);
  }

  #elsewhere(page) {
    const [picture, proof] = this.#addresses();
    const link = document.createElement("a");
    const address = new URL(page, document.baseURI);
    address.hash = new URLSearchParams(proof === undefined ? { picture } : { picture, proof });
    if (address.protocol !== "https:" && address.origin !== location.origin) return "";
    link.href = address;
    link.textContent = " Check it on a page of its own";
    return link;
  }

  async #check(said, button) {
    button.disabled = true;
    said.textContent = "Checking …";
    try {
      const [picture, proof] = await Promise.all(this.#addresses().map(fetched));
      const { page, error } = await verify({ picture, proof }, lists());
      if (error) said.textContent = `${error}.`;
      else said.replaceChildren(...nodes(page));
    } catch (fault) {
      said.textContent = `${fault.message}.`;
    }
    button.disabled = false;
  }
}

customElements.define("zkimg-proof", ZkimgProof);
