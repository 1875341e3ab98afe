// The look at one photo, and all else that lies over the screen, is fetched when somebody asks for it.

import { lazyPart } from '../../ui/lazy-part.ts'

const more = () => import('./more.ts')

export const AttachSheet = lazyPart(async () => (await more()).AttachSheet)
export const CameraSheet = lazyPart(async () => (await more()).CameraSheet)
export const FilesSheet = lazyPart(async () => (await more()).FilesSheet)
export const GallerySheet = lazyPart(async () => (await more()).GallerySheet)
export const StorageSheet = lazyPart(async () => (await more()).StorageSheet)
export const PhotoViewer = lazyPart(async () => (await more()).PhotoLightbox)
export const VoiceRecorder = lazyPart(async () => (await more()).VoiceRecorder)
