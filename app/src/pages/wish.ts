// The address that the installed app's "New chat" shortcut opens.

/** True once, when the page was opened by that shortcut; the address becomes the plain one again. */
export const takeWish = (page: Window = window): boolean => {
  if (page.location.pathname !== '/' || !new URLSearchParams(page.location.search).has('new')) return false
  page.history.replaceState(page.history.state, '', '/')
  return true
}
