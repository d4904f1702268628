fn app() -> Result<Server, Error> {
    Builder::new()?.mount("/", a)?.serve(run::later).map(Ok)
}
