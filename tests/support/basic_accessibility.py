"""What can be checked of a page's accessibility without a person: names, labels, headings, language, ids."""

from playwright.sync_api import Page

FIND_FAULTS = """() => {
  const faults = [];
  const seen = element => element.getClientRects().length > 0;
  const told = element => (element.getAttribute('aria-label') || element.getAttribute('title') || '').trim()
    || (element.getAttribute('aria-labelledby') || '').split(/\\s+/)
        .some(id => id && document.getElementById(id)?.textContent.trim());
  const where = element => element.outerHTML.slice(0, 120);
  if (!document.documentElement.lang) faults.push('html has no lang');
  if (!document.title.trim()) faults.push('no title');
  if (!document.querySelector('main')) faults.push('no main landmark');
  if (document.querySelectorAll('h1').length !== 1) faults.push('not exactly one h1');
  for (const field of document.querySelectorAll('input:not([type=hidden]),select,textarea'))
    if (seen(field) && !told(field) && !(field.labels && field.labels.length)
        && !['submit', 'button', 'reset'].includes(field.type)) faults.push('no label: ' + where(field));
  for (const control of document.querySelectorAll('button,a[href]'))
    if (seen(control) && !told(control) && !control.textContent.trim()
        && !control.querySelector('img[alt]:not([alt=""]),svg title')) faults.push('no name: ' + where(control));
  for (const image of document.querySelectorAll('img:not([alt])')) faults.push('no alt: ' + where(image));
  const ids = new Set();
  for (const element of document.querySelectorAll('[id]')) {
    if (ids.has(element.id)) faults.push('id twice: ' + element.id);
    ids.add(element.id);
  }
  if (document.documentElement.scrollWidth > window.innerWidth + 1) faults.push('the page scrolls sideways');
  return faults;
}"""


def faults_of(page: Page) -> list[str]:
    """Sentences about what is wrong with the page as it is shown now; empty when nothing is."""
    return list(page.evaluate(FIND_FAULTS))
