import { Channel, invoke } from '@tauri-apps/api/core';
import type { Hint } from './eye';
import type {
  AnomalyView, ExportFormat, JournalFilter, JournalPage, KeyChangeView, KeyView, ProofView, RefreshView, Role, Sample, Settings, StatisticsView, Status, SubmissionView, WitnessView,
} from './types/station';

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

/** The app that the page is in. */
export interface AppView {
  /** The page has to read codes itself, with its own camera. */
  page_camera: boolean;
  /** The page begins with the demo camera, all samples in turn. */
  demo_camera: boolean;
}

/** What the shell tells without being asked. */
export type Happening = { verdict: SubmissionView } | { camera: CameraView } | { hint: Hint | null } | { keys: Coming } | { answer: string | null };

/** How far keys have come that are read off another screen, in pictures. */
export interface Coming {
  received: number;
  needed: number;
  /** All of them are there. */
  whole: boolean;
}

/** One picture of an animated QR code: modules row by row, `1` is dark; no quiet zone. */
export interface Picture {
  size: number;
  modules: string;
  /** About how many a camera has to read. */
  needed: number;
}

/** Why the shell could not do as asked: a name to translate by, and a technician's reason. */
export interface Failure {
  problem: string;
  detail: string;
  /** Seconds until it may be asked again, where that is it. */
  wait?: number | null;
}

/** A span of time, half-open, seconds UTC. */
export interface Span {
  from: number;
  until: number;
}

/** The only place where the page meets the shell. */
export const shell = {
  device: (): Promise<AppView> => invoke('device'),
  listen(tell: (happening: Happening) => void): Promise<void> {
    const channel = new Channel<Happening>();
    channel.onmessage = tell;
    return invoke('listen', { channel });
  },
  status: (day: Span, hour: Span): Promise<Status> => invoke('status', { day, hour }),
  cameras: (): Promise<Device[]> => invoke('cameras'),
  cameraStart: (id: string | null): Promise<void> => invoke('camera_start', { id }),
  demoStart: (): Promise<void> => invoke('demo_start'),
  cameraStop: (): Promise<void> => invoke('camera_stop'),
  samples: (): Promise<Sample[]> => invoke('samples'),
  demoShow: (index: number | null): Promise<void> => invoke('demo_show', { index }),
  preview: (after: number | null): Promise<ArrayBuffer> => invoke('preview', { after }),
  submit: (text: string): Promise<SubmissionView> => invoke('submit', { text }),
  scanImage: (image: ArrayBuffer): Promise<SubmissionView[]> => invoke('scan_image', new Uint8Array(image)),

  beginShift: (operator: number | null): Promise<void> => invoke('begin_shift', { operator }),
  personLeft: (): Promise<void> => invoke('person_left'),

  switchMode: (mode: string): Promise<void> => invoke('switch_mode', { mode }),

  unlock: (role: Role, pin: string): Promise<void> => invoke('unlock', { role, pin }),
  lock: (): Promise<void> => invoke('lock'),
  setFirstPin: (pin: string): Promise<void> => invoke('set_first_pin', { pin }),

  journal: (filter: JournalFilter): Promise<JournalPage> => invoke('journal', { filter }),
  statistics: (span: Span, bucket: number): Promise<StatisticsView> => invoke('statistics', { span, bucket }),
  proof: (): Promise<ProofView> => invoke('proof'),
  anomalies: (span: Span, offset: number): Promise<AnomalyView[]> => invoke('anomalies', { span, offset }),
  witnessRequest: (seen: number): Promise<Picture> => invoke('witness_request', { seen }),
  witnessed: (answer: string, newWitness: boolean): Promise<WitnessView> => invoke('witnessed', { answer, newWitness }),
  witnessReceive: (on: boolean): Promise<void> => invoke('witness_receive', { on }),
  isCosignature: (text: string): Promise<boolean> => invoke('is_cosignature', { text }),
  export: (filter: JournalFilter, format: ExportFormat): Promise<string> => invoke('export', { filter, format }),
  exportProven: (span: Span, format: ExportFormat): Promise<string> => invoke('export_proven', { span, format }),
  resetCounters: (): Promise<void> => invoke('reset_counters'),

  keys: (): Promise<KeyView[]> => invoke('keys'),
  keyChange: (): Promise<KeyChangeView | null> => invoke('key_change'),
  keysOffer: (file: ArrayBuffer): Promise<RefreshView> => invoke('keys_offer', new Uint8Array(file)),
  keysOffered: (): Promise<RefreshView> => invoke('keys_offered'),
  keysTake: (): Promise<RefreshView> => invoke('keys_take'),
  keysReceive: (on: boolean): Promise<void> => invoke('keys_receive', { on }),
  keysFrame: (text: string): Promise<Coming | null> => invoke('keys_frame', { text }),
  keysShow: (anew: boolean): Promise<Picture> => invoke('keys_show', { anew }),
  changeSettings: (settings: Settings): Promise<void> => invoke('change_settings', { settings }),
  setPin: (role: Role, pin: string): Promise<void> => invoke('set_pin', { role, pin }),
};

/** What a rejected call says. */
export function failureOf(error: unknown): Failure {
  if (typeof error === 'object' && error !== null && 'problem' in error && 'detail' in error) return error as Failure;
  return { problem: 'shell', detail: String(error) };
}
