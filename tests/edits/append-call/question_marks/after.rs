fn app() -> Result<Server, Error> {
    Builder::new()?
        .mount("/", a)?
        .attach(crate::web::stage())?
        .serve(run::later)
        .map(Ok)
}
