//! Tests for an infection with SARS-CoV-2 by their LOINC codes, in the DCC's two methods.

/// Nucleic acid amplification (LOINC), which `tt` names.
pub(crate) const NAAT: &str = "LP6464-4";
/// Antigen test (LOINC), which `tt` names.
pub(crate) const ANTIGEN: &str = "LP217198-3";

/// RNA of the virus or one of its genes, found by amplification in the airways, in saliva, or in a specimen that is not
/// said: of HL7's value set `lab-qualitative-test-covid`. Blood and donors' specimens rule out no infection.
const AMPLIFIED: &[&str] = &[
    "94307-6", "94308-4", "94309-2", "94314-2", "94316-7", "94500-6", "94533-7", "94534-5", "94559-2",
    "94565-9", "94639-2", "94640-0", "94641-8", "94756-4", "94757-2", "94759-8", "94760-6", "94845-5",
    "95406-5", "95409-9", "95425-5", "95608-6", "95824-9", "96091-4", "96120-1", "96123-5", "96448-6",
    "96763-8", "96765-3", "96797-6", "96957-6", "96958-4", "96986-5", "97098-8", "98131-6", "98132-4",
    "98493-0", "98494-8",
];

/// Antigens of the virus in the airways: of the same value set.
const ANTIGENS: &[&str] = &["94558-4", "95209-3", "96119-3", "97097-0"];

/// The method of a test; `None` where it looks for something else: antibodies, another disease.
pub(crate) fn method(loinc: &str) -> Option<&'static str> {
    let is_in = |codes: &[&str]| codes.contains(&loinc);
    match () {
        () if is_in(AMPLIFIED) => Some(NAAT),
        () if is_in(ANTIGENS) => Some(ANTIGEN),
        () => None,
    }
}
