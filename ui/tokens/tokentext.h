// A token's text in its three colours, wrapped at any character so that it never widens the window; long ones are cut until unfolded.
#pragma once

#include "core/jose/jws.h"

#include <QTextLayout>
#include <QWidget>

namespace tokenlab::ui {

class TokenText : public QWidget
{
    Q_OBJECT
public:
    explicit TokenText(QWidget *parent = nullptr);
    void setToken(const QByteArray &token, const jose::DecodedToken &decoded);
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override { return {200, heightForWidth(400)}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {100, 20}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    void arrange(QTextLayout &layout, int width) const;
    [[nodiscard]] QString shown() const; // what is laid out
    [[nodiscard]] QList<QTextLayout::FormatRange> formats() const;
    struct Part {
        int begin, length;
        int kind; // 0 header, 1 payload, 2 signature
    };
    QString m_text; // the token, or its beginning
    qsizetype m_length = 0;
    std::vector<Part> m_parts;
    bool m_whole = false;
};

} // namespace tokenlab::ui
