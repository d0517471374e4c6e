//! Vaccines by product code: what a register may leave out, and what people call them.

/// What is known of a vaccine product. Codes: EU DCC value sets
/// `vaccine-medicinal-product`, `vaccine-prophylaxis` and `vaccine-mah-manf`.
pub(crate) struct Product {
    /// `mp`.
    pub(crate) code: &'static str,
    /// Its name, for people.
    pub(crate) name: &'static str,
    /// `vp`.
    pub(crate) vaccine: &'static str,
    /// `ma`.
    pub(crate) manufacturer: &'static str,
    /// Doses of its first series.
    pub(crate) doses: u8,
}

/// What a register gets that names no product.
pub(crate) const DEFAULT: &str = "Sputnik-V";

const PRODUCTS: [Product; 10] = [
    product("Sputnik-V", "Sputnik V", "J07BX03", "Gamaleya-Research-Institute", 2),
    product("Sputnik-Light", "Sputnik Light", "J07BX03", "Gamaleya-Research-Institute", 1),
    product("EpiVacCorona", "EpiVacCorona", "1119305005", "Vector-Institute", 2),
    product("CoviVac", "CoviVac", "J07BX03", "Chumakov-Federal-Scientific-Center", 2),
    product("EU/1/20/1528", "Comirnaty", "1119349007", "ORG-100030215", 2),
    product("EU/1/20/1507", "Spikevax", "1119349007", "ORG-100031184", 2),
    product("EU/1/21/1529", "Vaxzevria", "J07BX03", "ORG-100001699", 2),
    product("EU/1/20/1525", "Jcovden", "J07BX03", "ORG-100001417", 1),
    product("EU/1/21/1618", "Nuvaxovid", "1119305005", "ORG-100032020", 2),
    product("BBIBP-CorV", "BBIBP-CorV", "J07BX03", "ORG-100020693", 2),
];

/// The product with this code.
pub(crate) fn by_code(code: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.code == code)
}

const fn product(
    code: &'static str,
    name: &'static str,
    vaccine: &'static str,
    manufacturer: &'static str,
    doses: u8,
) -> Product {
    Product { code, name, vaccine, manufacturer, doses }
}
