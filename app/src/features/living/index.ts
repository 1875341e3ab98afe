// Door of polls, checklists and notes. All of it is one chunk, which comes with the first of them.

import { lazyPart, lazySheet } from '../../ui/lazy-part.ts'

export { opened } from './opened.ts'
export const LivingSheet = lazySheet(async () => (await import('./parts.ts')).LivingSheet)
export const LivingCard = lazyPart(async () => (await import('./parts.ts')).LivingCard)
export const AttachMenu = lazyPart(async () => (await import('./parts.ts')).AttachMenu)
export const NewLivingSheet = lazySheet(async () => (await import('./parts.ts')).NewLivingSheet)
