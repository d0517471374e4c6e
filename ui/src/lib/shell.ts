import { Channel, invoke } from '@tauri-apps/api/core';
import type { Sample, Status, SubmissionView } from './types/station';

/** A camera that can be opened. */
export interface Device {
  id: string;
  name: string;
}

/** What the camera is doing: a name to translate by, and the running camera or a technician's reason. */
export interface CameraView {
  state: string;
  demo: boolean;
  device: string | null;
  detail: string | null;
}

/** What the shell tells without being asked. */
export type Happening = { verdict: SubmissionView } | { camera: CameraView };

/** Why the shell could not do as asked: a name to translate by, and a technician's reason. */
export interface Failure {
  problem: string;
  detail: string;
}

/** A span of time, half-open, seconds UTC. */
export interface Span {
  from: number;
  until: number;
}

/** The only place where the page meets the shell. */
export const shell = {
  listen(tell: (happening: Happening) => void): Promise<void> {
    const channel = new Channel<Happening>();
    channel.onmessage = tell;
    return invoke('listen', { channel });
  },
  status: (today: Span): Promise<Status> => invoke('status', { today }),
  cameras: (): Promise<Device[]> => invoke('cameras'),
  cameraStart: (id: string | null): Promise<void> => invoke('camera_start', { id }),
  demoStart: (): Promise<void> => invoke('demo_start'),
  cameraStop: (): Promise<void> => invoke('camera_stop'),
  samples: (): Promise<Sample[]> => invoke('samples'),
  demoShow: (index: number | null): Promise<void> => invoke('demo_show', { index }),
  preview: (after: number | null): Promise<ArrayBuffer> => invoke('preview', { after }),
  submit: (text: string): Promise<SubmissionView> => invoke('submit', { text }),
  scanImage: (image: ArrayBuffer): Promise<SubmissionView[]> => invoke('scan_image', new Uint8Array(image)),
};

/** What a rejected call says. */
export function failureOf(error: unknown): Failure {
  if (typeof error === 'object' && error !== null && 'problem' in error && 'detail' in error) return error as Failure;
  return { problem: 'shell', detail: String(error) };
}
