mod pages;

use actix_web::{
    App, HttpServer,
    web::{Html, get},
};
use site::{Auth, users::auth::RequireUser};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::var("ADDRESS").expect("ADDRESS");
    HttpServer::new(|| {
        App::new()
            .route("/start", get().to(start))
            .route("/lookup", get().to(lookup))
            .route("/me", get().to(me))
    })
    .bind(address)?
    .run()
    .await
}

async fn start(auth: Auth) -> String {
    pages::start(&auth.db).await
}

async fn lookup(auth: Auth) -> Html {
    Html::new(pages::page(&pages::look_up(&auth.db).await))
}

async fn me(RequireUser(scope): RequireUser) -> Html {
    Html::new(pages::page(&scope.user.email))
}
