#[launch]
fn rocket() -> _ {
    rocket::build()
        .mount("/", routes![index])
        .attach(crate::web::stage())
}
