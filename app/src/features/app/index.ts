// Door of the app-wide state.

export { isDrawn, markComposer, markDrawn } from './marks.ts'
export { toFailure } from './failure.ts'
export { createLateParts } from './late-parts.ts'
export { useAppStore } from './store.ts'
export { smoothly } from './motion.ts'
export { BLINK_MS, SLOW_MS, useLate } from './useLate.ts'
export { PHONE, TOUCH, useMedia } from './useMedia.ts'
export { useBadge } from './useBadge.ts'
export { useKeptFocus } from './useKeptFocus.ts'
export { useScrolled } from './useScrolled.ts'
export { useTheme } from './useTheme.ts'
export { useTitle } from './useTitle.ts'
