/**
 * The element below `root` that the page marks with `data-part`.
 *
 * @template {Element} [Kind=HTMLElement]
 * @param {ParentNode} root
 * @param {string} name
 * @returns {Kind}
 */
export function part(root, name) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!found) throw new Error(`the page has no part ${name}`);
  return /** @type {Kind} */ (found);
}

/**
 * The element of the page with this id.
 *
 * @template {Element} [Kind=HTMLElement]
 * @param {string} id
 * @returns {Kind}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element #${id}`);
  return /** @type {Kind} */ (/** @type {unknown} */ (found));
}

/**
 * A copy of the one element in a `<template>`.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function copyTemplate(id) {
  const { content } = /** @type {HTMLTemplateElement} */ (byId(id));
  return /** @type {HTMLElement} */ (document.importNode(content, true).firstElementChild);
}

/**
 * Sets a text, as text and never as markup. One that stays the same is not touched, so that a selection
 * survives and a screen reader is silent.
 *
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Keeps the children of `parent` equal to a list: a child lives as long as an item of its key does, and
 * keeps focus, scroll position and open state.
 *
 * @template Item
 * @param {Element} parent
 * @param {(item: Item) => string} keyOf
 * @param {() => {node: Element, update(item: Item): void}} createRow
 * @returns {(items: Item[]) => void}
 */
export function keyedList(parent, keyOf, createRow) {
  /** @type {Map<string, {node: Element, update(item: Item): void}>} */
  const rows = new Map();
  return (items) => {
    const keys = new Set(items.map(keyOf));
    for (const [key, row] of rows) {
      if (keys.has(key)) continue;
      row.node.remove();
      rows.delete(key);
    }
    items.forEach((item, position) => {
      const key = keyOf(item);
      const row = rows.get(key) ?? createRow();
      rows.set(key, row);
      row.update(item);
      // Moving a node that is in its place would cost it the focus.
      if (parent.children[position] !== row.node)
        parent.insertBefore(row.node, parent.children[position] ?? null);
    });
  };
}
