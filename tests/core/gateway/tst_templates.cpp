// Templates of the flexible configuration beside what only looks like them; releases.
#include "core/gateway/templates.h"

#include <QTest>

using namespace tokenlab;

class TestTemplates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recognised_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("offset"); // -1: no template
        QTest::addColumn<QByteArray>("parts");
        const QString json = QStringLiteral("krakend.json"), tmpl = QStringLiteral("krakend.tmpl");
        QTest::newRow("a number") << QByteArray("{\"port\": {{ .service.port }}}") << json << 9 << QByteArray("||service|");
        QTest::newRow("include, env") << QByteArray("{\"a\": [{{ include \"ep.json\" }}], \"h\": \"{{ env \"HOST\" }}\"}") << json << 7
                                      << QByteArray("ep.json|||HOST");
        QTest::newRow("template with dot, marshal")
            << QByteArray("{{ template \"t.tmpl\" . }}{{ marshal .urls }}") << json << 0 << QByteArray("|t.tmpl|urls|");
        QTest::newRow("trimmed, range") << QByteArray("[{{- range $i, $e := .list.x -}} 1 {{- end }}]") << json << 1
                                        << QByteArray("||list|");
        QTest::newRow("a comment") << QByteArray("{{/* about \"it\" */}} {") << json << 0 << QByteArray("|||");
        QTest::newRow("braces in a text of the action") << QByteArray("{{ \"}}\" | quote }}") << json << 0 << QByteArray("|||");
        QTest::newRow("valid JSON with a template's words")
            << QByteArray("{\"h\": \"{{ .env.host }}\"}") << json << 7 << QByteArray("||env|");
        QTest::newRow("valid JSON named .tmpl") << QByteArray("{\"h\": \"{{.Id}}\"}") << tmpl << 7 << QByteArray("||Id|");
        QTest::newRow("must not be: a url pattern of the gateway's own")
            << QByteArray("{\"p\": \"/{{.Id}}\"}") << json << -1 << QByteArray();
        QTest::newRow("must not be: .tmpl without actions") << QByteArray("{\"version\": 3}") << tmpl << -1 << QByteArray();
        QTest::newRow("must not be: doubled braces of broken JSON") << QByteArray("{\"a\": {{\"b\": 1}}}") << json << -1 << QByteArray();
        QTest::newRow("must not be: not closed") << QByteArray("{\"a\": {{ .x ") << json << -1 << QByteArray();
        QTest::newRow("must not be: empty") << QByteArray("{{ }}") << json << -1 << QByteArray();
        QTest::newRow("must not be: no text") << QByteArray() << tmpl << -1 << QByteArray();
    }
    void recognised()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, name);
        const auto use = gateway::templateUse(text, name);
        QTEST(use ? int(use->offset) : -1, "offset");
        const auto list = [](const std::vector<QByteArray> &all) { return QByteArrayList(all.begin(), all.end()).join(','); };
        if (use)
            QTEST(list(use->includes) + '|' + list(use->templates) + '|' + list(use->settings) + '|' + list(use->variables), "parts");
    }
    void huge()
    {
        // Must be quick and no template: nothing is ever closed.
        QVERIFY(!gateway::templateUse(QByteArray("{{").repeated(200000), QString()));
    }
    void releases_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("release");
        const auto file = [](const char *schema) { return QByteArray("{\"$schema\": \"") + schema + "\"}"; };
        QTest::newRow("the played one") << file("https://www.krakend.io/schema/v2.13/krakend.json") << QByteArray("2.13");
        QTest::newRow("another") << file("https://www.krakend.io/schema/v2.3/krakend.json") << QByteArray("2.3");
        QTest::newRow("with a patch") << file("https://www.krakend.io/schema/v2.3.1/krakend.json") << QByteArray("2.3.1");
        QTest::newRow("must be none: the newest") << file("https://www.krakend.io/schema/krakend.json") << QByteArray();
        QTest::newRow("must be none: no number") << file("https://x/va.b/krakend.json") << QByteArray();
        QTest::newRow("must be none: no schema") << QByteArray("{}") << QByteArray();
        QTest::newRow("must be none: not JSON") << QByteArray("{") << QByteArray();
    }
    void releases()
    {
        QFETCH(QByteArray, text);
        const auto release = gateway::schemaRelease(text);
        QTEST(release ? release->text() : QByteArray(), "release");
        QVERIFY(!release || release->isLike(gateway::playedRelease) == (release->minor == 13));
    }
};

QTEST_GUILESS_MAIN(TestTemplates)
#include "tst_templates.moc"
