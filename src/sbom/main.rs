//! The product's software bill of materials, in `CycloneDX` 1.5: `cargo metadata … | sbom > FILE`.
//!
//! Every crate that is compiled into the server, the app or the worker is in it, with its licence and its address as a
//! package. What only builds or tests use is not. A program of its own, so that nobody waits for its dependencies who
//! does not build the product.

use anyhow::{Context as _, Result};
use cyclonedx_bom::external_models::spdx::SpdxExpression;
use cyclonedx_bom::external_models::uri::Purl;
use cyclonedx_bom::models::bom::Bom;
use cyclonedx_bom::models::component::{Classification, Component, Components};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::io::{stdin, stdout};

/// What is shipped: everything else is in it because one of these uses it.
const SHIPPED: [&str; 3] = ["server", "web", "worker"];

fn main() -> Result<()> {
    let metadata: Value = serde_json::from_reader(stdin()).context("cargo metadata's answer")?;
    let bom = of(&metadata)?;
    bom.output_as_json_v1_5(&mut stdout()).context("the bill of materials cannot be written")
}

/// The bill of what `cargo metadata` describes.
fn of(metadata: &Value) -> Result<Bom> {
    let packages: HashMap<&str, &Value> = list(&metadata["packages"])?
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package)))
        .collect();
    let used = used(metadata, &packages)?;
    let mut components = Vec::new();
    let mut product = None;
    for id in used {
        let package = packages.get(id).context("a dependency is no package")?;
        let component = component(package)?;
        if package["name"] == "server" {
            product = Some(Component { component_type: Classification::Application, ..component });
        } else {
            components.push(component);
        }
    }
    let about = Metadata { component: product, ..Metadata::new()? };
    Ok(Bom { metadata: Some(about), components: Some(Components(components)), ..Bom::default() })
}

/// The packages that are compiled into what is shipped, by their ids.
fn used<'m>(metadata: &'m Value, packages: &HashMap<&str, &Value>) -> Result<BTreeSet<&'m str>> {
    let nodes: HashMap<&str, &Value> = list(&metadata["resolve"]["nodes"])?
        .iter()
        .filter_map(|node| Some((node["id"].as_str()?, node)))
        .collect();
    let is_shipped = |id: &str| {
        packages.get(id).is_some_and(|package| {
            package["source"].is_null() && SHIPPED.iter().any(|name| package["name"] == *name)
        })
    };
    let mut to_visit: Vec<&str> = nodes.keys().copied().filter(|id| is_shipped(id)).collect();
    let mut used = BTreeSet::new();
    while let Some(id) = to_visit.pop() {
        if !used.insert(id) {
            continue;
        }
        let node = nodes.get(id).context("a package is not resolved")?;
        for dependency in list(&node["deps"])? {
            // `kind` is null for what is compiled in, "dev" or "build" for the rest.
            let is_compiled_in =
                list(&dependency["dep_kinds"])?.iter().any(|kind| kind["kind"].is_null());
            if is_compiled_in {
                to_visit.extend(dependency["pkg"].as_str());
            }
        }
    }
    Ok(used)
}

fn component(package: &Value) -> Result<Component> {
    let text = |name: &str| package[name].as_str().unwrap_or_default();
    let (name, version) = (text("name"), text("version"));
    let mut component = Component::new(Classification::Library, name, version, None);
    if package["source"].as_str().is_some() {
        component.purl = Some(Purl::new("cargo", name, version)?);
    }
    // Older crates write a slash for "or".
    let licence = text("license").replace('/', " OR ");
    if let Ok(licence) = SpdxExpression::parse_lax(licence) {
        component.licenses = Some(Licenses(vec![LicenseChoice::Expression(licence)]));
    }
    Ok(component)
}

fn list(value: &Value) -> Result<&Vec<Value>> {
    value.as_array().context("cargo metadata's answer is of another shape")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_compiled_in_is_listed_and_nothing_else() {
        let package = |name: &str, source: Value| json!({"id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0", "source": source});
        let registry = json!("registry+https://example.com");
        let dep = |name: &str, kind: Value| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let node = |name: &str, deps: Vec<Value>| json!({"id": name, "deps": deps});
        let metadata = json!({
            "packages": [
                package("server", Value::Null),
                package("xtask", Value::Null),
                package("axum", registry.clone()),
                package("http", registry.clone()),
                package("insta", registry.clone()),
                package("cc", registry),
            ],
            "resolve": {"nodes": [
                node("server", vec![dep("axum", Value::Null), dep("insta", json!("dev")), dep("cc", json!("build"))]),
                node("xtask", vec![dep("cc", Value::Null)]),
                node("axum", vec![dep("http", Value::Null)]),
                node("http", vec![]),
                node("insta", vec![]),
                node("cc", vec![]),
            ]},
        });
        let bom = of(&metadata).unwrap();
        let Components(listed) = bom.components.unwrap();
        let names: Vec<String> =
            listed.iter().map(|component| component.name.to_string()).collect();
        assert_eq!(names, ["axum", "http"]);
        assert_eq!(listed[0].purl.as_ref().unwrap().to_string(), "pkg:cargo/axum@1.0.0");
        assert_eq!(bom.metadata.unwrap().component.unwrap().name.to_string(), "server");
    }
}
