#include "ui/widgets/jsoneditor.h"

#include "core/gateway/edit.h"
#include "core/json/parse.h"
#include "ui/widgets/lineview.h"
#include "ui/widgets/theme.h"

#include <Qsci/qscicommandset.h>
#include <Qsci/qscilexerjson.h>
#include <Qsci/qsciscintilla.h>

#include <QEvent>
#include <QKeyEvent>
#include <QStackedLayout>

#include <cstring>

namespace tokenlab::ui {

namespace {
constexpr int errorIndicator = 8;
constexpr int keywordSets = 9; // of Scintilla

void colourJson(QsciLexer &lexer)
{
    const Tokens &t = tokens();
    lexer.setColor(t.jsonNumber, QsciLexerJSON::Number);
    for (const int style : {int(QsciLexerJSON::String), int(QsciLexerJSON::IRI), int(QsciLexerJSON::IRICompact)})
        lexer.setColor(t.jsonString, style);
    lexer.setColor(t.bad, QsciLexerJSON::UnclosedString);
    lexer.setColor(t.jsonName, QsciLexerJSON::Property);
    lexer.setColor(t.jsonKeyword, QsciLexerJSON::EscapeSequence);
    lexer.setColor(t.jsonKeyword, QsciLexerJSON::Keyword);
    lexer.setColor(t.jsonString, QsciLexerJSON::KeywordLD);
    lexer.setColor(t.bad, QsciLexerJSON::Error);
    lexer.setColor(t.muted, QsciLexerJSON::Operator);
}
} // namespace

JsonEditor::JsonEditor(const QString &accessibleName, const QString &objectName, Undo undo, QWidget *parent)
    : QWidget(parent), m_editor(new QsciScintilla(this)), m_lines(new LineView(this)), m_stack(new QStackedLayout(this)), m_undo(undo)
{
    m_stack->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(m_editor);
    m_stack->addWidget(m_lines);
    m_editor->setObjectName(objectName);
    m_editor->setAccessibleName(accessibleName);
    m_lines->setObjectName(objectName + QStringLiteral("Lines"));
    m_lines->setAccessibleName(tr("%1, read-only view of a long text").arg(accessibleName));
    setFocusProxy(m_editor);

    m_editor->setFrameShape(QFrame::NoFrame);
    m_editor->setLexer(new QsciLexerJSON(m_editor));
    setUpDocument();
    m_editor->setAutoIndent(true);
    m_editor->setFolding(QsciScintilla::NoFoldStyle);
    for (int margin = 0; margin < 5; ++margin)
        m_editor->setMarginWidth(margin, 0);
    m_editor->SendScintilla(QsciScintilla::SCI_SETMARGINLEFT, 0UL, 13L);
    m_editor->SendScintilla(QsciScintilla::SCI_SETMARGINRIGHT, 0UL, 8L);
    m_editor->SendScintilla(QsciScintilla::SCI_SETSCROLLWIDTH, 10UL);
    m_editor->SendScintilla(QsciScintilla::SCI_SETSCROLLWIDTHTRACKING, 1UL);
    m_editor->SendScintilla(QsciScintilla::SCI_SETEXTRAASCENT, 2UL);
    m_editor->SendScintilla(QsciScintilla::SCI_SETEXTRADESCENT, 2UL);
    m_editor->indicatorDefine(QsciScintilla::SquiggleIndicator, errorIndicator);
    // The window's own shortcuts (cancel, undo of the document) must get through; Tab leaves the editor for keyboard use.
    QsciCommandSet *commands = m_editor->standardCommands();
    QList<int> keys{Qt::Key_Escape, Qt::Key_Return | int(Qt::CTRL), Qt::Key_Tab, Qt::Key_Backtab, Qt::Key_Tab | int(Qt::SHIFT)};
    if (undo == Undo::Outside)
        keys << (Qt::Key_Z | int(Qt::CTRL)) << (Qt::Key_Y | int(Qt::CTRL)) << (Qt::Key_Z | int(Qt::CTRL) | int(Qt::SHIFT));
    for (const int key : keys) {
        if (QsciCommand *command = commands->boundTo(key))
            command->key() == key ? command->setKey(0) : command->setAlternateKey(0);
    }
    m_editor->installEventFilter(this);
    if (undo == Undo::Outside)
        m_editor->SendScintilla(QsciScintilla::SCI_SETUNDOCOLLECTION, 0UL);
    connect(m_editor, &QsciScintilla::SCN_MODIFIED, this,
            [this](int position, int type, const char *text, int length) { modified(position, type, text, length); });
    colour();
}

bool JsonEditor::tooLarge(const QByteArray &text)
{
    if (text.size() > maxBytes)
        return true;
    qsizetype at = 0;
    while (at < text.size()) {
        const qsizetype end = text.indexOf('\n', at);
        if ((end < 0 ? text.size() : end) - at > maxLine)
            return true;
        if (end < 0)
            break;
        at = end + 1;
    }
    return false;
}

// What Scintilla keeps with the text, not with the view.
void JsonEditor::setUpDocument()
{
    m_editor->setUtf8(true);
    m_editor->setIndentationsUseTabs(false);
    m_editor->setTabWidth(2);
}

// Scintilla keeps the lexer with the text as well. Setting it as a whole would set fonts of its own.
void JsonEditor::attachLexer()
{
    QsciLexer *lexer = m_editor->lexer();
    m_editor->SendScintilla(QsciScintilla::SCI_SETLEXERLANGUAGE, lexer->lexer());
    for (int set = 0; set < keywordSets; ++set) {
        const char *words = lexer->keywords(set + 1);
        m_editor->SendScintilla(QsciScintilla::SCI_SETKEYWORDS, static_cast<unsigned long>(set), words ? words : "");
    }
    lexer->refreshProperties();
}

bool JsonEditor::switchTo(const QByteArray &key)
{
    if (key == m_key)
        return false;
    m_arrange.drop();
    m_pretty.clear();
    m_quiet = true;
    m_editor->setReadOnly(false);
    if (m_large) // a view of its own holds such a text
        m_waiting.erase(m_key);
    else
        m_waiting[m_key] = m_editor->document();
    m_key = key;
    const auto waiting = m_waiting.find(key);
    m_editor->setDocument(waiting == m_waiting.end() ? QsciDocument() : waiting->second);
    m_waiting.erase(key);
    setUpDocument();
    m_large = false;
    m_lines->setText({});
    m_stack->setCurrentWidget(m_editor);
    setFocusProxy(m_editor);
    attachLexer();
    m_coloured = -1;
    chooseColours(text());
    colour();
    m_editor->setReadOnly(m_readOnly);
    m_quiet = false;
    return true;
}

void JsonEditor::forgetOthers()
{
    m_waiting.clear();
}

void JsonEditor::setText(const QByteArray &text)
{
    m_arrange.drop();
    m_pretty.clear();
    place(text);
}

void JsonEditor::showPretty(const QByteArray &json, qsizetype keep)
{
    if (json.size() <= workedAtOnce) {
        setText(keep < 0 ? gateway::edit::prettyLossless(json) : gateway::edit::prettyShortened(json, keep));
        return;
    }
    if (json == m_pretty && keep == m_keep)
        return;
    m_pretty = json;
    m_keep = keep;
    m_large = true;
    m_quiet = true;
    m_editor->setReadOnly(false);
    m_editor->SendScintilla(QsciScintilla::SCI_CLEARALL);
    m_quiet = false;
    m_lines->setText({});
    m_stack->setCurrentWidget(m_lines);
    setFocusProxy(m_lines);
    m_arrange.order([json, keep] { return keep < 0 ? gateway::edit::prettyLossless(json) : gateway::edit::prettyShortened(json, keep); },
                    [this](const QByteArray &text) {
                        place(text);
                        emit arranged();
                    });
}

// A text that begins like an object or an array is JSON in the making, however broken.
void JsonEditor::chooseColours(const QByteArray &text)
{
    qsizetype first = 0;
    while (first < text.size() && uchar(text[first]) <= ' ')
        ++first;
    const bool plain = m_undo == Undo::Own && first < text.size() && !QByteArrayView("{[").contains(text[first]) && !json::parse(text);
    if (plain == m_plain)
        return;
    m_plain = plain;
    colour();
}

void JsonEditor::place(const QByteArray &text)
{
    m_large = tooLarge(text);
    m_quiet = true;
    if (m_large) {
        m_editor->setReadOnly(false);
        m_editor->SendScintilla(QsciScintilla::SCI_CLEARALL);
        m_lines->setText(text);
        m_stack->setCurrentWidget(m_lines);
    } else {
        m_lines->setText({});
        chooseColours(text);
        m_editor->setReadOnly(false);
        m_editor->SendScintilla(QsciScintilla::SCI_CLEARALL);
        m_editor->SendScintilla(QsciScintilla::SCI_SETSCROLLWIDTH, 10UL);
        // By length, so that NUL bytes stay.
        m_editor->SendScintilla(QsciScintilla::SCI_ADDTEXT, static_cast<unsigned long>(text.size()), text.constData());
        m_editor->SendScintilla(QsciScintilla::SCI_GOTOPOS, 0UL);
        m_editor->setEolMode(text.contains("\r\n") ? QsciScintilla::EolWindows : QsciScintilla::EolUnix);
        m_editor->SendScintilla(QsciScintilla::SCI_EMPTYUNDOBUFFER);
        m_editor->setReadOnly(m_readOnly);
        m_stack->setCurrentWidget(m_editor);
    }
    setFocusProxy(m_stack->currentWidget());
    m_quiet = false;
}

QByteArray JsonEditor::text() const
{
    if (m_large)
        return m_lines->text();
    const auto length = m_editor->SendScintilla(QsciScintilla::SCI_GETLENGTH);
    QByteArray bytes(length + 1, Qt::Uninitialized);
    m_editor->SendScintilla(QsciScintilla::SCI_GETTEXT, static_cast<unsigned long>(bytes.size()), bytes.data());
    bytes.chop(1);
    return bytes;
}

void JsonEditor::applySplice(const json::Splice &splice)
{
    if (m_large) {
        setText(json::apply(m_lines->text(), splice));
        return;
    }
    m_quiet = true;
    const bool readOnly = m_editor->isReadOnly();
    m_editor->setReadOnly(false);
    m_editor->SendScintilla(QsciScintilla::SCI_SETTARGETSTART, static_cast<unsigned long>(splice.range.begin));
    m_editor->SendScintilla(QsciScintilla::SCI_SETTARGETEND, static_cast<unsigned long>(splice.range.end));
    m_editor->SendScintilla(QsciScintilla::SCI_REPLACETARGET, static_cast<unsigned long>(splice.text.size()), splice.text.constData());
    m_editor->setReadOnly(readOnly);
    m_quiet = false;
}

void JsonEditor::modified(int position, int type, const char *text, int length)
{
    const bool inserted = type & QsciScintilla::SC_MOD_INSERTTEXT;
    const bool deleted = type & QsciScintilla::SC_MOD_DELETETEXT;
    if (m_quiet || (!inserted && !deleted))
        return;
    m_pretty.clear();
    if (m_undo == Undo::Own)
        chooseColours(this->text());
    if (m_undo == Undo::Outside) {
        if (inserted)
            emit spliced({{position, position}, QByteArray(text, length)});
        else
            emit spliced({{position, position + length}, {}});
    }
    emit edited();
}

void JsonEditor::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_editor->setReadOnly(readOnly);
    m_editor->SendScintilla(QsciScintilla::SCI_SETCARETLINEVISIBLE, 0UL);
}

void JsonEditor::setWrap(bool wrap)
{
    m_editor->setWrapMode(wrap ? QsciScintilla::WrapCharacter : QsciScintilla::WrapNone);
}

void JsonEditor::setLineNumbers(bool shown)
{
    m_editor->setMarginType(1, QsciScintilla::NumberMargin);
    m_editor->setMarginWidth(1, shown ? QStringLiteral("0000") : QString());
    if (!shown)
        m_editor->setMarginWidth(1, 0);
    m_editor->SendScintilla(QsciScintilla::SCI_SETMARGINLEFT, 0UL, shown ? 6L : 13L);
}

void JsonEditor::showOffset(qsizetype offset, qsizetype length)
{
    if (m_large)
        return;
    const auto at = static_cast<unsigned long>(qMax<qsizetype>(0, offset));
    const long line = m_editor->SendScintilla(QsciScintilla::SCI_LINEFROMPOSITION, at);
    m_editor->SendScintilla(QsciScintilla::SCI_SETSEL, at, static_cast<long>(at) + static_cast<long>(length));
    const long visible = m_editor->SendScintilla(QsciScintilla::SCI_LINESONSCREEN);
    m_editor->SendScintilla(QsciScintilla::SCI_SETFIRSTVISIBLELINE, static_cast<unsigned long>(qMax(0L, line - visible / 4)));
    m_editor->SendScintilla(QsciScintilla::SCI_SETXOFFSET, 0UL);
}

void JsonEditor::markError(qsizetype offset)
{
    if (m_large)
        return;
    const long length = m_editor->SendScintilla(QsciScintilla::SCI_GETLENGTH);
    m_editor->SendScintilla(QsciScintilla::SCI_SETINDICATORCURRENT, static_cast<unsigned long>(errorIndicator));
    m_editor->SendScintilla(QsciScintilla::SCI_INDICATORCLEARRANGE, 0UL, length);
    if (offset < 0 || length == 0)
        return;
    const long at = qMin(static_cast<long>(offset), length - 1);
    m_editor->SendScintilla(QsciScintilla::SCI_INDICATORFILLRANGE, static_cast<unsigned long>(at), 1L);
}

void JsonEditor::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        colour();
}

bool JsonEditor::eventFilter(QObject *watched, QEvent *event)
{
    // Scintilla keeps Tab for itself; the keyboard must be able to leave the editor.
    if (watched == m_editor && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Tab || key->key() == Qt::Key_Backtab)
            return focusNextPrevChild(key->key() == Qt::Key_Tab);
    }
    // Braces are matched only where the caret is at work.
    if (watched == m_editor && (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)) {
        m_editor->setBraceMatching(event->type() == QEvent::FocusIn ? QsciScintilla::SloppyBraceMatch : QsciScintilla::NoBraceMatch);
        m_editor->SendScintilla(QsciScintilla::SCI_BRACEHIGHLIGHT, static_cast<unsigned long>(-1), -1L);
    }
    return QWidget::eventFilter(watched, event);
}

void JsonEditor::colour()
{
    const Tokens &t = tokens();
    if (m_coloured == int(t.dark) + 2 * int(m_plain))
        return;
    m_coloured = int(t.dark) + 2 * int(m_plain);
    QsciLexer *lexer = m_editor->lexer();
    const QFont font = monoFont();
    lexer->setDefaultFont(font);
    m_editor->SendScintilla(QsciScintilla::SCI_STYLESETFONT, static_cast<unsigned long>(QsciScintilla::STYLE_DEFAULT),
                            font.family().toUtf8().constData());
    m_editor->SendScintilla(QsciScintilla::SCI_STYLESETSIZEFRACTIONAL, static_cast<unsigned long>(QsciScintilla::STYLE_DEFAULT),
                            static_cast<long>(font.pointSizeF() * int(QsciScintilla::SC_FONT_SIZE_MULTIPLIER)));
    lexer->setDefaultPaper(t.card);
    lexer->setDefaultColor(t.text);
    lexer->setFont(font, -1);
    lexer->setPaper(t.card, -1);
    lexer->setColor(t.text, -1);
    if (!m_plain)
        colourJson(*lexer);
    m_editor->setPaper(t.card);
    m_editor->setColor(t.text);
    m_editor->setCaretForegroundColor(t.text);
    m_editor->setSelectionBackgroundColor(t.accentSoft);
    m_editor->setSelectionForegroundColor(t.text);
    m_editor->resetSelectionForegroundColor();
    m_editor->setMatchedBraceBackgroundColor(t.accentSoft);
    m_editor->setMatchedBraceForegroundColor(t.accentText);
    m_editor->setUnmatchedBraceForegroundColor(t.bad);
    m_editor->setUnmatchedBraceBackgroundColor(t.card);
    m_editor->setMarginsBackgroundColor(t.card);
    m_editor->setMarginsForegroundColor(t.faint);
    m_editor->setMarginsFont(smallMonoFont());
    m_editor->setFoldMarginColors(t.card, t.card);
    m_editor->setIndicatorForegroundColor(t.bad, errorIndicator);
    m_editor->recolor();
}

} // namespace tokenlab::ui
