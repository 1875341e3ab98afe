// A carry file that falls on the window is opened, wherever it falls: nobody means to send it to the chat that happens to be there. What is shown of it
// hangs on the page itself, since the list that this comes with is not drawn on a phone while a chat is.

import { defineComponent, getCurrentInstance, h, onBeforeUnmount, render } from 'vue'
import { lazySheet } from '../../ui/lazy-part.ts'
import { CARRY_ENDING } from './limits.ts'

// The list has this one, and not all that a file needs.
const OpenCarrySheet = lazySheet(() => import('./OpenCarrySheet.vue'))

export const CarryDrop = defineComponent(() => {
  const context = getCurrentInstance()?.appContext ?? null
  const host = document.body.appendChild(document.createElement('div'))

  const show = (file: File | undefined): void => {
    if (file === undefined) return render(null, host)
    const sheet = h(OpenCarrySheet, { file, onClose: () => show(undefined) })
    sheet.appContext = context
    render(sheet, host)
  }
  const onDrop = (event: DragEvent): void => {
    const [first, ...others] = event.dataTransfer?.files ?? []
    if (first?.name.toLowerCase().endsWith(CARRY_ENDING) !== true || others.length > 0) return
    event.preventDefault()
    event.stopImmediatePropagation()
    // One after the other.
    if (host.childElementCount === 0) show(first)
  }
  // Before whatever else takes files.
  window.addEventListener('drop', onDrop, true)
  onBeforeUnmount(() => {
    window.removeEventListener('drop', onDrop, true)
    show(undefined)
    host.remove()
  })
  return () => null
})
