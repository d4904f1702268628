//! The cases of the matrix: a name, a project (a fixture, or what `cargo new` writes in an edition), and the runs in
//! it. `tests/pairs.rs` sees to it that every two values that go together are in one of them.

cases! {
    integer_keys: "axum-hello" ["Accounts User users"];
    uuid_keys: "axum-hello" ["Accounts User users --id-type uuid"];
    other_words: "axum-hello" ["Identity Client clients"];
    a_dotted_context_and_a_table: "axum-hello" ["Shop.Accounts Customer customers --table shop_customers"];
    a_namespace: "axum-hello" ["Accounts User users --web Backoffice"];
    the_longest_names: "axum-hello" [
        "IdentityAccessManagementHub OrganisationMembershipRecord organisation_membership_people --id-type uuid"
    ];
    bcrypt: "axum-hello" ["Accounts User users --hashing bcrypt"];
    pbkdf2: "axum-hello" ["Accounts User users --hashing pbkdf2"];
    two_schemas_in_one_project: "axum-hello" ["Store User users", "Backoffice Admin admins"];
    login_by_magic_link: "axum-hello" ["Accounts User users --login magic-link"];
    login_by_password: "axum-hello" ["Accounts User users --login password"];
    login_by_password_with_uuid_keys_and_bcrypt: "axum-hello" [
        "Shop.Accounts Customer customers --login password --id-type uuid --hashing bcrypt"
    ];
    no_enumeration: "axum-hello" ["Accounts User users --no-enumeration"];
    no_enumeration_by_magic_link: "axum-hello" ["Accounts User users --no-enumeration --login magic-link"];
    no_enumeration_by_password_with_uuid_keys: "axum-hello" [
        "Shop.Accounts Customer customers --no-enumeration --login password --id-type uuid"
    ];
    // What they share is good for every way to log in, whichever comes first.
    each_way_to_log_in_in_one_project: "axum-hello" [
        "Guestbook Visitor visitors --login magic-link",
        "Store User users",
        "Backoffice Admin admins --login password"
    ];
    straight_from_cargo_new: "cargo new 2024" ["Accounts User users"];
    edition_2021: "cargo new 2021" ["Accounts User users"];

    actix_straight_from_cargo_new: "cargo new 2021" ["Accounts User users --framework actix-web"];
    actix_and_the_front_page_of_its_site: "actix-hello" ["Accounts User users"];
    actix_with_routes_state_and_tests_of_its_own: "actix-configure" [
        "Accounts User users --id-type uuid --hashing bcrypt"
    ];
    actix_by_magic_link_alone: "actix-configure" ["Accounts User users --login magic-link --id-type uuid"];
    actix_by_password_alone: "actix-hello" ["Accounts User users --login password --hashing pbkdf2"];
    actix_each_way_to_log_in_in_one_project: "actix-hello" [
        "Guestbook Visitor visitors --login magic-link",
        "Accounts User users",
        "Backoffice Admin admins --login password"
    ];
    actix_without_enumeration: "actix-hello" ["Accounts User users --no-enumeration --hashing bcrypt"];
    actix_with_a_namespace_and_two_schemas: "actix-hello" [
        "Shop.Accounts Customer customers --web Shop",
        "Backoffice Admin admins --id-type uuid"
    ];

    postgres_with_uuid_keys_and_passwords_alone: "axum-hello" [
        "Accounts User users --db postgres --login password --id-type uuid"
    ];
    postgres_with_two_schemas_in_one_project: "axum-postgres" [
        "Store User users --id-type uuid",
        "Backoffice Admin admins --login password"
    ];
    postgres_without_enumeration: "axum-postgres" [
        "Accounts User users --no-enumeration --hashing pbkdf2 --id-type uuid"
    ];
    postgres_under_actix_by_magic_link_alone: "actix-hello" [
        "Accounts User users --db postgres --login magic-link"
    ];
    postgres_under_actix_with_uuid_keys_and_passwords_alone: "actix-configure" [
        "Accounts User users --db postgres --login password --id-type uuid --hashing bcrypt"
    ];
}
