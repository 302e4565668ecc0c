// What the page was built with: see scenes/studio/files/page/content.py.
export const DATA = JSON.parse(document.getElementById("data").textContent);
