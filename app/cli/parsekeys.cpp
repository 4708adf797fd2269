#include "app/cli/parsekeys.h"

#include "app/cli/filename.h"

#include <CLI/CLI.hpp>

#include <map>

namespace tokenlab::cli {

namespace {

using Action = KeysOptions::Action;

constexpr const char *formsRead =
    "PEM (PKCS#1, PKCS#8, SEC1, public keys, certificates; encrypted ones too), DER, PKCS#12, OpenSSH, JWK and "
    "JWK sets are recognised";

QString text(const std::string &s)
{
    return fileText(QByteArray::fromStdString(s));
}

QByteArray bytes(const std::string &s)
{
    return QByteArray::fromStdString(s);
}

std::optional<QByteArray> given(const CLI::App *app, const char *option, const std::string &value)
{
    const CLI::Option *found = app->get_option_no_throw(option);
    return found && found->count() > 0 ? std::optional(bytes(value)) : std::nullopt;
}

} // namespace

struct KeysArguments::Texts {
    std::string kty = "oct", curve = "P-256", kid, kidFrom, alg, use, as = "auto", passphraseFile, passphraseEnv, append, output;
    std::string params, save, secretUrlFile, cypherKey, input = "-";
    std::vector<std::string> inputs;
    int size = 0;
    KeysOptions options;
    std::map<const CLI::App *, Action> actions;

    CLI::App *add(CLI::App *keys, const char *name, const char *description, Action action)
    {
        CLI::App *app = keys->add_subcommand(name, description);
        actions[app] = action;
        return app;
    }
    void addJson(CLI::App *app, const char *description) { app->add_flag("--json", options.json, description); }
    void addOutput(CLI::App *app)
    {
        app->add_option("-o,--out", output, "A file to write (mode 0600, whole or not at all) instead of standard output")
            ->type_name("FILE");
    }
    void addLabels(CLI::App *app, const char *usualKid)
    {
        app->add_option("--kid", kid, "The key's kid")->type_name("KID");
        app->add_option("--kid-from", kidFrom, usualKid)->type_name("HOW")->check(CLI::IsMember({"thumbprint", "date"}));
        app->add_option("--use", use, "Its use; \"\" leaves it out")->type_name("USE");
    }
    void addTarget(CLI::App *app)
    {
        addOutput(app);
        app->add_option("--append", append, "Put the key into this set, which is written back unless -o names another file")
            ->type_name("SET");
        app->add_flag("--replace", options.replace, "A key of the set with the same kid gives way; refused otherwise");
    }
    void addPassphrase(CLI::App *app, const char *what)
    {
        app->add_option("--passphrase-file", passphraseFile, what)->type_name("FILE|-");
        app->add_option("--passphrase-env", passphraseEnv, "The passphrase is in this variable of the environment")->type_name("NAME");
    }
    void addInput(CLI::App *app, const char *description = "The key or key set in any form that import reads, or - (default)")
    {
        app->add_option("SET", input, description);
        addPassphrase(app, "The passphrase of an encrypted one is the first line of this file, or is asked for (-)");
    }
    void addParams(CLI::App *app)
    {
        app->add_option("--params", params, "A JSON file with secret_url and cypher_key, as encrypt writes it; a signer object will do")
            ->type_name("FILE");
        app->add_option("--secret-url-file", secretUrlFile, "secret_url is the first line of this file")->type_name("FILE");
        app->add_option("--cypher-key", cypherKey, "cypher_key, as it stands in the configuration")->type_name("BASE64");
    }

    void addGenerate(CLI::App *keys);
    void addImport(CLI::App *keys);
    void addViews(CLI::App *keys);
    void addEncryption(CLI::App *keys);
};

void KeysArguments::Texts::addGenerate(CLI::App *keys)
{
    CLI::App *app = add(keys, "generate", "Make a key", Action::Generate);
    app->add_option("--kty", kty, "oct (default), RSA, EC or OKP (Ed25519)")
        ->type_name("KTY")
        ->check(CLI::IsMember({"oct", "RSA", "EC", "OKP"}));
    app->add_option("--size", size, "Bits: oct 256 (default), 384, 512; RSA 2048 (default), 3072, 4096")->type_name("N");
    app->add_option("--crv", curve, "Curve of an EC key: P-256 (default), P-384, P-521")->type_name("CRV");
    app->add_option("--alg", alg, "Its alg (default: the usual one of such a key); \"\" leaves it out")->type_name("ALG");
    addLabels(app, "Instead: its RFC 7638 thumbprint (default; secrets: date), or today's date");
    addTarget(app);
    addJson(app, "Print the set on one line; with -o or --append {\"file\",\"keys\"} without private members");
    app->footer("\nThe set with its private key is what is asked for: without -o or --append it goes to standard output.\n"
                "\nExamples:\n"
                "  token-lab keys generate\n"
                "  token-lab keys generate --kty EC --crv P-256 --kid sig-1 -o signing.json\n"
                "  token-lab keys generate --kty RSA --size 2048 --kid-from date --append signing.json\n"
                "  token-lab keys generate --kty OKP --kid sig-1 --append signing.json --replace");
}

void KeysArguments::Texts::addImport(CLI::App *keys)
{
    CLI::App *app = add(keys, "import", "Make a key set of a PEM, DER, PKCS#12, OpenSSH or JWK file, or of a bare secret", Action::Import);
    app->add_option("FILE", inputs, "Files, or - (default) for standard input");
    app->add_option("--as", as, "auto (default), or a bare secret: text, hex, base64, base64url, bytes (the file as it is)")
        ->type_name("FORM")
        ->check(CLI::IsMember({"auto", "text", "hex", "base64", "base64url", "bytes"}));
    addPassphrase(app, "The passphrase of an encrypted file is the first line of this file, or is asked for (-)");
    app->add_option("--alg", alg, "Its alg")->type_name("ALG");
    addLabels(app, "Instead: its RFC 7638 thumbprint (default where there is no kid; secrets: date), or today's date");
    addTarget(app);
    addJson(app, "Print the set on one line; with -o or --append {\"file\",\"keys\"} without private members");
    app->footer(std::string("\n") + formsRead +
                ".\nA certificate of the key becomes its x5c. A secret that can be read in several ways is refused until --as says how.\n"
                "The set is what is asked for: without -o or --append it goes to standard output, private members included.\n"
                "\nExamples:\n"
                "  echo 0123456789abcdef0123456789abcdef | token-lab keys import --as hex --kid old-secret\n"
                "  token-lab keys generate --kty EC --kid sig-1 -o signing.json\n"
                "  token-lab keys private signing.json --pem -o signing.pem\n"
                "  token-lab keys import signing.pem --kid sig-2 --append signing.json");
}

void KeysArguments::Texts::addViews(CLI::App *keys)
{
    CLI::App *app = add(keys, "public", "The public halves of a set, as .well-known/jwks.json has them", Action::Public);
    addInput(app);
    app->add_option("--kid", kid, "Only this key")->type_name("KID");
    app->add_flag("--pem", options.pem, "PEM (SubjectPublicKeyInfo) instead of a set");
    addOutput(app);
    addJson(app, "Print the set on one line; with --pem {\"keys\":[{\"kid\",\"pem\"}]}");
    app->footer("\nSecrets (oct) have no public half: they are left out and named. What is written never holds private members.\n"
                "\nExamples:\n"
                "  token-lab keys generate --kty EC --kid sig-1 -o signing.json\n"
                "  token-lab keys public signing.json -o jwks.json\n"
                "  token-lab keys public signing.json --kid sig-1 --pem");

    app = add(keys, "private", "A set, or one key of it, with private members", Action::Private);
    addInput(app);
    app->add_option("--kid", kid, "Only this key")->type_name("KID");
    app->add_flag("--pem", options.pem, "PEM (PKCS#8) instead of a set");
    app->add_option("--seal-file", save, "With --pem: encrypt with the passphrase in the first line of this file, or ask for one (-)")
        ->type_name("FILE|-");
    addOutput(app);
    addJson(app, "Print the set on one line; with --pem {\"keys\":[{\"kid\",\"pem\"}]}");
    app->footer("\nExamples:\n"
                "  token-lab keys generate --kty EC --kid sig-1 -o signing.json\n"
                "  token-lab keys private signing.json --kid sig-1 --pem -o signing.pem\n"
                "  echo correct horse battery staple > pass.txt\n"
                "  token-lab keys private signing.json --pem --seal-file pass.txt -o sealed.pem\n"
                "  token-lab keys import sealed.pem --passphrase-file pass.txt --json");

    app = add(keys, "show", "A table of the keys, with warnings", Action::Show);
    addInput(app);
    app->add_option("--kid", kid, "Only this key")->type_name("KID");
    app->add_flag("--private", options.showPrivate, "Print each JWK with its private members too");
    addJson(app, "Print {\"keys\":[{\"kty\",\"size\",\"crv\",\"kid\",\"alg\",\"use\",\"thumbprint\",\"private\",\"warnings\"}]}");
    app->footer("\nPrivate members are shown with --private alone. The exit code is 1 when the gateway would refuse the set.\n"
                "\nExamples:\n"
                "  token-lab keys generate --kty EC --kid sig-1 -o signing.json\n"
                "  token-lab keys show signing.json\n"
                "  token-lab keys show signing.json --json");

    app = add(keys, "thumbprint", "RFC 7638 thumbprints", Action::Thumbprint);
    addInput(app);
    app->add_option("--kid", kid, "Only this key")->type_name("KID");
    addJson(app, "Print {\"keys\":[{\"kid\",\"thumbprint\"}]}");
    app->footer("\nExamples:\n"
                "  token-lab keys generate --kty OKP --kid sig-1 -o signing.json\n"
                "  token-lab keys thumbprint signing.json");
}

void KeysArguments::Texts::addEncryption(CLI::App *keys)
{
    CLI::App *app = add(keys, "encrypt", "Encrypt a set for jwk_local_path, with secret_url and cypher_key", Action::Encrypt);
    addInput(app);
    app->add_option("-o,--out", output, "The encrypted file")->type_name("FILE")->required();
    app->add_option("--save", save, "Write secret_url and cypher_key into this file (mode 0600) instead of printing them")
        ->type_name("FILE");
    app->add_option("--secret-url-file", secretUrlFile, "Keep the secret_url in the first line of this file")->type_name("FILE");
    addJson(app, "Print {\"secret_url\",\"cypher_key\",\"file\"}");
    app->footer(
        "\nsecret_url and cypher_key go into the signer beside jwk_local_path; secret_url is the secret, best put in by the environment.\n"
        "awskms, azurekeyvault, gcpkms and hashivault are services that would encrypt the key inside cypher_key; they are not\n"
        "imitated here.\n"
        "\nExamples:\n"
        "  token-lab keys generate --kty EC --kid sig-1 -o signing.json\n"
        "  token-lab keys encrypt signing.json -o signing.enc --save params.json\n"
        "  token-lab keys decrypt signing.enc --params params.json");

    app = add(keys, "decrypt", "Open an encrypted set, or say which of the three parts is wrong", Action::Decrypt);
    app->add_option("FILE", input, "The encrypted file")->required();
    addParams(app);
    addOutput(app);
    addJson(app, "Print the set on one line");
    app->footer("\nExamples:\n"
                "  token-lab keys generate --kty EC --kid sig-1 -o signing.json\n"
                "  token-lab keys encrypt signing.json -o signing.enc --save params.json\n"
                "  token-lab keys decrypt signing.enc --params params.json -o opened.json");

    app = add(keys, "rekey", "Encrypt an encrypted set anew, with new secret_url and cypher_key", Action::Rekey);
    app->add_option("FILE", input, "The encrypted file")->required();
    addParams(app);
    app->add_flag("--keep-secret-url", options.keepSecretUrl, "Only cypher_key and the file become new");
    app->add_option("-o,--out", output, "The new file (default: FILE itself)")->type_name("FILE");
    app->add_option("--save", save, "Write the new secret_url and cypher_key into this file (mode 0600) instead of printing them")
        ->type_name("FILE");
    addJson(app, "Print {\"secret_url\",\"cypher_key\",\"file\"}");
    app->footer("\nExamples:\n"
                "  token-lab keys generate --kty EC --kid sig-1 -o signing.json\n"
                "  token-lab keys encrypt signing.json -o signing.enc --save params.json\n"
                "  token-lab keys rekey signing.enc --params params.json -o new.enc --save new-params.json");
}

KeysArguments::KeysArguments(CLI::App &program) : m_texts(std::make_unique<Texts>())
{
    m_command = program.add_subcommand("keys", "Make, import, show, convert and encrypt key sets");
    m_command->require_subcommand(1);
    m_command->footer(
        "\ntoken-lab keys COMMAND --help shows the options of each and examples. Passphrases are never taken from the arguments.");
    m_texts->addGenerate(m_command);
    m_texts->addImport(m_command);
    m_texts->addViews(m_command);
    m_texts->addEncryption(m_command);
}

KeysArguments::~KeysArguments() = default;

std::optional<KeysOptions> KeysArguments::options() const
{
    const auto chosen = m_command->get_subcommands();
    if (chosen.empty())
        return {};
    const CLI::App *app = chosen.front();
    KeysOptions options = m_texts->options;
    options.action = m_texts->actions.at(app);
    options.kty = bytes(m_texts->kty);
    options.curve = bytes(m_texts->curve);
    options.size = m_texts->size;
    options.kid = given(app, "--kid", m_texts->kid);
    options.alg = given(app, "--alg", m_texts->alg);
    options.use = given(app, "--use", m_texts->use);
    options.kidFrom = bytes(m_texts->kidFrom);
    for (const std::string &one : m_texts->inputs)
        options.inputs.push_back(text(one));
    if (options.inputs.empty())
        options.inputs.push_back(text(m_texts->input));
    options.as = text(m_texts->as);
    options.passphraseFile = text(m_texts->passphraseFile);
    options.passphraseEnv = bytes(m_texts->passphraseEnv);
    options.append = text(m_texts->append);
    options.output = text(m_texts->output);
    options.params = text(m_texts->params);
    options.save = text(m_texts->save);
    options.secretUrlFile = text(m_texts->secretUrlFile);
    options.cypherKey = bytes(m_texts->cypherKey);
    return options;
}

} // namespace tokenlab::cli
