// Watches over the start of the page until the app is there: whatever fails, hangs or is refused before that is put into words. A classic
// script in plain JavaScript of 2015, so that it runs where the app cannot; what it shows stands in index.html, and in start-words.json in other languages.

;(function () {
  'use strict'
  var PATIENCE_MS = 4500
  var isMounted = false
  var isPlain = false
  var details = []
  var shown = null

  function byId(id) {
    return document.getElementById(id)
  }

  // A browser of which the app makes too much: each of these came with the oldest ones that it is built for.
  function isOld() {
    return !('noModule' in document.createElement('script')) || typeof Object.groupBy !== 'function'
  }

  function show(why) {
    if (shown === 'broken' || !byId('stuck')) return
    shown = why === 'broken' && isOld() ? 'old' : why
    var sentences = byId('stuck').querySelectorAll('[data-why]')
    for (var i = 0; i < sentences.length; i += 1) sentences[i].hidden = sentences[i].getAttribute('data-why') !== shown
    byId('stuck').hidden = false
    document.dispatchEvent(new Event('kith-stuck'))
  }

  function note(text) {
    if (details.length < 20) details.push(String(text).slice(0, 300))
  }

  function onError(event) {
    var target = event.target
    var isStyle = target && target.tagName === 'LINK' && target.rel === 'stylesheet'
    if (isMounted && !isStyle) return
    if (target && /^(?:LINK|IMG)$/.test(target.tagName) && !isStyle) return
    if (isStyle) isPlain = true
    note(target && (target.src || target.href) ? 'not loaded: ' + (target.src || target.href) : event.message || event.type)
    show('broken')
  }

  function onRejection(event) {
    if (isMounted) return
    note(event.reason)
    show('broken')
  }

  // The pages that the browser keeps may be what is broken. Chats are kept elsewhere, and stay.
  function reload() {
    var again = () => location.reload()
    if (shown === 'slow' || navigator.onLine === false || !('serviceWorker' in navigator) || !('caches' in window)) return again()
    var dropPages = caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('kith-page-')).map((name) => caches.delete(name))))
    var dropWorkers = navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((one) => one.unregister())))
    Promise.all([dropPages, dropWorkers]).then(again, again)
  }

  function copy() {
    var text = ['Kith: start ' + shown, new Date().toISOString(), navigator.userAgent].concat(details).join('\n')
    byId('stuck-details').textContent = text
    byId('stuck-details').hidden = false
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(undefined, () => {})
  }

  addEventListener('error', onError, true)
  addEventListener('unhandledrejection', onRejection)
  document.addEventListener('kith-mounted', function () {
    isMounted = true
    clearTimeout(timer)
    if (!isPlain) byId('stuck').hidden = true
  })
  document.addEventListener('DOMContentLoaded', function () {
    byId('stuck-reload').addEventListener('click', reload)
    byId('stuck-copy').addEventListener('click', copy)
    if (isOld() && !('noModule' in document.createElement('script'))) show('broken')
    else if (details.length > 0) show('broken')
  })
  var timer = setTimeout(function () {
    if (isMounted) return
    // A style sheet that does not come keeps the browser from showing anything.
    var links = document.querySelectorAll('link[rel=stylesheet]')
    for (var i = 0; i < links.length; i += 1) {
      if (links[i].sheet) continue
      isPlain = true
      links[i].parentNode.removeChild(links[i])
    }
    show('slow')
  }, PATIENCE_MS)
})()

// In the language of whoever reads it; where its words do not come either, in English.
;(function () {
  'use strict'
  function translate(both) {
    var words = both[0]
    var tags = [both[1] || ''].concat(navigator.languages)
    var language = tags.map((tag) => tag.split('-')[0]).find((tag) => tag === 'en' || words[tag])
    for (var key in words[language]) {
      var place = document.querySelector('[data-says=' + key + ']')
      if (place) place.textContent = words[language][key]
      else document.documentElement[key] = words[language][key]
    }
  }

  // Whoever is denied the look at it has chosen nothing.
  function remembered() {
    return Promise.resolve()
      .then(() => localStorage.getItem('kith.language'))
      .catch(() => '')
  }

  document.addEventListener('kith-stuck', function () {
    var words = fetch('/start-words.json').then((answer) => answer.json())
    Promise.all([words, remembered()])
      .then(translate)
      .catch(() => {})
  })
})()
