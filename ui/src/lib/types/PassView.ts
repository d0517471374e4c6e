import type { KindView } from "./KindView";

export type PassView = { kind: KindView, family_name: string, given_name: string, family_name_latin: string, given_name_latin: string, date_of_birth: string, signed_by: string, demo: boolean, issued_at: string | null, expires_at: string | null, suspicious: boolean, };
