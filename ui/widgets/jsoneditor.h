// A JSON editor: QScintilla for texts it can handle, a virtual line view above that. Bytes in, bytes out; positions are byte offsets.
#pragma once

#include "core/json/syntaxtree.h"
#include "ui/widgets/newest.h"

#include <QWidget>

#include <Qsci/qscidocument.h>

#include <map>

class QsciScintilla;
class QStackedLayout;
class QLabel;

namespace tokenlab::ui {

class LineView;

class JsonEditor : public QWidget
{
    Q_OBJECT
public:
    enum class Undo { Own, Outside }; // Outside: edits are emitted as splices and undone by somebody else
    JsonEditor(const QString &accessibleName, const QString &objectName, Undo undo, QWidget *parent = nullptr);

    void setText(const QByteArray &text); // drops the editor's own undo
    // Another text with an undo of its own; this one waits under the key it has, with its undo.
    bool switchTo(const QByteArray &key); // false: it is that one already
    void forgetOthers();                  // what waits
    // Laid out for reading, texts longer than `keep` shortened (-1: none). A large text is laid out in a thread; until then the view is
    // empty and read-only, and arranged() tells of its end.
    void showPretty(const QByteArray &json, qsizetype keep = -1);
    [[nodiscard]] bool isArranging() const { return m_arrange.isPending(); }
    [[nodiscard]] QByteArray text() const;
    void applySplice(const json::Splice &splice);
    void setReadOnly(bool readOnly);
    [[nodiscard]] bool isLarge() const { return m_large; } // the line view is shown: read-only
    [[nodiscard]] bool isPlain() const { return m_plain; } // no JSON: not coloured as such
    void setWrap(bool wrap);
    void setLineNumbers(bool shown);
    void showOffset(qsizetype offset, qsizetype length = 0); // caret there, scrolled to the upper third
    void markError(qsizetype offset);                        // -1: none
    [[nodiscard]] QsciScintilla *scintilla() const { return m_editor; }
    [[nodiscard]] LineView *lineView() const { return m_lines; }

    static constexpr qsizetype maxBytes = 1024 * 1024;
    static constexpr qsizetype maxLine = 4096;

signals:
    void arranged();
    void edited();                            // by the user
    void spliced(const json::Splice &splice); // by the user; Undo::Outside only

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void colour();
    void setUpDocument();
    void attachLexer();
    void chooseColours(const QByteArray &text);
    void place(const QByteArray &text);
    [[nodiscard]] static bool tooLarge(const QByteArray &text);
    void modified(int position, int type, const char *text, int length);

    QsciScintilla *m_editor;
    LineView *m_lines;
    QStackedLayout *m_stack;
    Undo m_undo;
    bool m_large = false, m_quiet = false, m_readOnly = false;
    bool m_plain = false; // no JSON: nothing of it is coloured, least of all as an error
    int m_coloured = -1;
    QByteArray m_key;
    std::map<QByteArray, QsciDocument> m_waiting;
    Newest<QByteArray> m_arrange;
    QByteArray m_pretty; // what showPretty() was given, until another text comes
    qsizetype m_keep = -1;
};

} // namespace tokenlab::ui
