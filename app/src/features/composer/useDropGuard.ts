// Whatever is dropped on the window stays out of the address bar: browsers open a file or a link in place of the page that it fell on.

import { onScopeDispose } from 'vue'
import { takesLetters } from '../../ui/fields.ts'
import { useNotices } from '../notices/index.ts'
import { words } from '../words.ts'

type Options = { readonly page?: Window }

export const useDropGuard = ({ page = window }: Options = {}): void => {
  const notices = useNotices()

  const keepOut = (event: DragEvent): 'file' | 'other' | undefined => {
    const isFile = event.dataTransfer?.types.includes('Files') === true
    if (!isFile && takesLetters(event.target)) return undefined
    event.preventDefault()
    return isFile ? 'file' : 'other'
  }
  const onDragOver = (event: DragEvent): void => {
    const what = keepOut(event)
    // A drop that is not allowed here is not told of either.
    if (what !== undefined && event.dataTransfer !== null) event.dataTransfer.dropEffect = what === 'file' ? 'copy' : 'none'
  }
  const onDrop = (event: DragEvent): void => {
    if (keepOut(event) === 'file') notices.show(words.toast.textOnly)
  }
  page.addEventListener('dragover', onDragOver)
  page.addEventListener('drop', onDrop)
  onScopeDispose(() => {
    page.removeEventListener('dragover', onDragOver)
    page.removeEventListener('drop', onDrop)
  })
}
