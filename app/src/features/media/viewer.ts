// The look at one photo, and all else that lies over the screen, is fetched when somebody asks for it.

import { lazyPart, lazySheet } from '../../ui/lazy-part.ts'

const more = () => import('./more.ts')

export const AttachSheet = lazySheet(async () => (await more()).AttachSheet)
export const CameraSheet = lazySheet(async () => (await more()).CameraSheet)
export const FilesSheet = lazySheet(async () => (await more()).FilesSheet)
export const GallerySheet = lazySheet(async () => (await more()).GallerySheet)
export const StorageSheet = lazySheet(async () => (await more()).StorageSheet)
export const PhotoViewer = lazySheet(async () => (await more()).PhotoLightbox)
export const VoiceRecorder = lazyPart(async () => (await more()).VoiceRecorder)
