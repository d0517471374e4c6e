//! COVID-19 vaccines by the names and codes that formats other than the DCC write them with, in the DCC's codes.

/// A product in the codes of the EU's value sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Product {
    /// `mp`.
    pub(crate) product: &'static str,
    /// `vp`.
    pub(crate) vaccine: &'static str,
    /// `ma`.
    pub(crate) manufacturer: &'static str,
}

/// COVID-19 (SNOMED CT), which `tg` names.
pub(crate) const COVID_19: &str = "840539006";

/// mRNA vaccine (SNOMED CT), which `vp` names.
pub(crate) const MRNA: &str = "1119349007";
/// Any COVID-19 vaccine (ATC).
pub(crate) const ANY: &str = "J07BX03";

/// A word of the name, and its product: eHealth Network value sets `vaccine-medicinal-product`,
/// `sct-vaccines-covid-19` and `vaccine-mah-manf`.
const PRODUCTS: &[(&str, Product)] = &[
    ("COMIRNATY", COMIRNATY),
    ("PFIZER", COMIRNATY),
    ("SPIKEVAX", SPIKEVAX),
    ("MODERNA", SPIKEVAX),
    ("VAXZEVRIA", VAXZEVRIA),
    ("JANSSEN", JANSSEN),
    ("JCOVDEN", JANSSEN),
    ("NUVAXOVID", NUVAXOVID),
    ("COVISHIELD", product("Covishield", "ORG-100001981")),
    ("COVAXIN", product("Covaxin", "Bharat-Biotech")),
    ("CORONAVAC", product("CoronaVac", "Sinovac-Biotech")),
    ("BBIBP", product("BBIBP-CorV", "ORG-100020693")),
    ("SPUTNIK", product("Sputnik-V", "Gamaleya-Research-Institute")),
];

const COMIRNATY: Product = Product { vaccine: MRNA, ..product("EU/1/20/1528", "ORG-100030215") };
const SPIKEVAX: Product = Product { vaccine: MRNA, ..product("EU/1/20/1507", "ORG-100031184") };
const VAXZEVRIA: Product = product("EU/1/21/1529", "ORG-100001699");
const NUVAXOVID: Product = product("EU/1/21/1618", "ORG-100032020");
const JANSSEN: Product = product("EU/1/20/1525", "ORG-100001417");

const fn product(product: &'static str, manufacturer: &'static str) -> Product {
    Product { product, vaccine: ANY, manufacturer }
}

/// CVX codes (the CDC's "COVID-19 vaccine related codes") of the products that the EU lists.
const CVX: &[(&[&str], Product)] = &[
    (&["208", "217", "218", "219", "300", "301", "302", "308", "309", "310"], COMIRNATY),
    (&["207", "221", "227", "228", "229", "230", "311", "312"], SPIKEVAX),
    (&["210"], VAXZEVRIA),
    (&["211", "313"], NUVAXOVID),
    (&["212"], JANSSEN),
];
/// CVX codes of other vaccines against COVID-19, and of those of which nobody said which it was.
const OTHER_CVX: &[&str] =
    &["213", "500", "501", "502", "503", "504", "505", "506", "507", "508", "509", "510", "511"];

/// Whether this CVX code is a vaccine against COVID-19 that is known here, and its product, where the EU lists it.
pub(crate) fn by_cvx(code: &str) -> Option<Option<Product>> {
    let listed = CVX.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, product)| Some(*product));
    listed.or_else(|| OTHER_CVX.contains(&code).then_some(None))
}

/// The product of this name, where it names exactly one that is known. Of the two Sputniks only the first counts.
pub(crate) fn by_name(name: &str) -> Option<Product> {
    let name = name.to_uppercase();
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    if words.any(|word| word == "LIGHT") {
        return None;
    }
    let mut found = name.split(|c: char| !c.is_alphanumeric()).filter_map(by_word);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

fn by_word(word: &str) -> Option<Product> {
    PRODUCTS.iter().find(|(known, _)| *known == word).map(|(_, product)| *product)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_by_one_of_its_words() {
        for (name, expected) in [
            ("COMIRNATY", Some("EU/1/20/1528")),
            ("Pfizer-BioNTech (Comirnaty)", Some("EU/1/20/1528")),
            ("AstraZeneca Vaxzevria", Some("EU/1/21/1529")),
            ("COVISHIELD", Some("Covishield")),
            ("Sputnik V", Some("Sputnik-V")),
            ("Sputnik Light", None),
            ("Comirnaty or Spikevax", None),
            ("COMIRNATYX", None),
            ("CoVax", None),
            ("", None),
        ] {
            assert_eq!(by_name(name).map(|product| product.product), expected, "{name}");
        }
    }
}
