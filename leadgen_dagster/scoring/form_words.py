"""The words that forms are known by, in small letters; each may be part of a longer word (`login` in `loginform`).

Those of the source are looked for with hyphens and underscores taken out (`sign_up` is `signup`).
"""


def _lines(*lines: str) -> tuple[str, ...]:
    """The words of a table, one or several apart by commas on a line."""
    return tuple(word.strip() for line in lines for word in line.split(",") if word.strip())


SEARCH_FIELDS = frozenset(
    ("q", "s", "k", "kw", "wd", "qs", "ntt", "term", "find", "query", "stext", "keyword", "keywords")
)
"""Names of the one field of a search."""
SEARCH_BUTTONS = frozenset({"hae", "etsi", "ara", "find", "finden", "find it"})
"""Words that are part of too many others, and so have to stand alone on the button."""

SEARCH = _lines(
    "search, srch, suche, buscar, busca, búsqueda, recherch, chercher, cerca, ricerca, zoek, pesquis, procura",
    "haku, sök, søg, søk, szuka, wyszuk, keres, hľada, hleda, vyhled, поиск, искать, найти, пошук",
    "знайти, iskanje, pretra, traži, otsi, meklē, paiešk, caut, arama, αναζήτηση, بحث, חיפוש, tìm kiếm, ค้นหา",
    "搜索, 搜尋, 查询, 検索, 검색, what are you looking for, looking for?, lookup, finder",
)
LOGIN = _lines(
    "login, log in, logon, log on, signin, sign in, logga in, log ind, logg inn, loggin, einloggen, anmeld",
    "connexion, connecter, connectez, identifi, entrar, iniciar ses, acceder, acceso, accedi, accesso, inicia ses",
    "inloggen, aanmelden, kirjaudu, zaloguj, logowan, přihlá, prihlás, prihlas, belép, bejelentkez",
    "войти, вход, вхід, увійти, авториз, giriş, oturum, autentific, σύνδεση, autent, authenticat",
    "登录, 登錄, 登入, ログイン, 로그인, đăng nhập, دخول, התחבר, เข้าสู่ระบบ, prijav",
)
REMEMBER = _lines(
    "remember, keep me, stay signed, angemeldet bleiben, eingeloggt, запомн, запам, recordar, recuérd, ricordami",
    "souvenir, rester connect, zapamięt, zapamat, onthoud, ingelogd blijven, muista, husk mig, kom ihåg, lembrar",
    "beni hat\u0131rla, oturumu a\u00e7\u0131k, 记住, 自动登录, 記憶, 次回から, autologin, emlékezz, megjegyez",
)
REGISTRATION = _lines(
    "register, registra, registre, registri, registro, registru, signup, sign up, signmeup, create account",
    "createaccount, create an account, new account",
    "newaccount, newuser, new user, newcustomer, new customer, accountsetup, join, enrol, become a member",
    "konto erstellen, konto anlegen, neues konto, neukunde, inscri, créer un compte, créer mon, créez",
    "crear cuenta, crear una cuenta, alta de, regístr, crea account, crea un account, registreren, account aanmaken",
    "cadastr, criar conta, crie sua, rekister, luo tili, luo tunnus, skapa konto, bli medlem, opret",
    "rejestr, załóż, utwórz, vytvořit účet, vytvoriť účet, регистр, создать, реєстр, kay\u0131t, üye ol, εγγραφή",
    "注册, 註冊, 会員登録, 新規登録, 회원가입, đăng ký, تسجيل, สมัคร, הרשמה",
)
PASSWORD = _lines(
    "passw, pwd, kennwort, zugang, mot de passe, contraseña, contrasena, contrasinal, clave, senha, palavra-passe",
    "parola, wachtwoord, salasan, lösenord, adgangskode, passord, kodeord, hasł, hesl, jelsz, парол, şifre, sifre",
    "geslo, lozink, šifr, κωδικ, 密码, 密碼, パスワード, 비밀번호, mật khẩu, סיסמ, كلمة, รหัสผ่าน, slapta, parool",
)
RECOVERY = _lines(
    "forgot, forgetp, lostpass, lost pass, lostpw, passwordreset, resetpass, reset pass, reset your pass",
    "reset my pass, recover, retrieve, passwordrequest, requestpass, newpass, new password, remind, findpass",
    "passremind, sendpass, sendpw, send you a new, send password, request reset, passwordlost, amnesia",
    "vergessen, zurücksetzen, passwort anfordern, zugangsdaten, oubli, perdu, réinitialis, olvid",
    "recuperar, restablecer, esquec, dimenticat, recupera, wachtwoord vergeten, vergeten, opvragen, unohd, unohtun",
    "palauta salasana, glömt, glemt, odzysk, przypom, zapomn, nie pamięt, zapomenut, zabud, elfelejt",
    "забыл, восстанов, напомн, забули, віднов, unuttum, ξέχασ, am uitat, zaborav, pozabljen",
    "忘记密码, 找回密码, 重置密码, 忘記密碼, パスワードを忘, パスワード再, 再設定, 再発行, quên mật khẩu",
    "cambiarcontrasinal, passwordhelp, password help, password assistance, pwdreset, reissue",
)
NEWSLETTER = _lines(
    "newsletter, news letter, mailing list, mailinglist, maillist, subscri, listmanage, mcsignup, mcembed",
    "feedburner, mailverify, emailsignup, signupemail, emailupdates, email updates, e-mail updates, email offers",
    "mailchimp, emaillist, email list, joinlist, join our list, newsalert, email alert, mailman, notify me",
    "abonn, suscr, souscri, lettre d, infolettre, boletín, boletin, boletim, assine, inscreva, iscriviti, iscrizione",
    "nieuwsbrief, uutiskirje, tilaa, nyhetsbrev, nyhedsbrev, prenumer, biuletyn, zapisz się, odběr, odber",
    "novink, hírlevél, hirlevel, feliratkoz, рассыл, подпис, розсил, bülten, abone, νέα μας, știri, novice",
    "订阅, 訂閱, 订閱, メルマガ, メールマガジン, 뉴스레터, 구독, نشرة, inputnews, signupfor, rundbrief",
)
CONTACT = _lines(
    "contact, kontakt, feedback, message, enquir, inquir, guestbook, writetous, write to us, mailto, sendmail",
    "emailus, email us, askus, ask a, ask us, question, sendquestion, callback, call back, rückruf, gästebuch, anfrage",
    "nachricht, ihre frage, mitteilung, mensaje, mensagem, messag, messaggio, bericht, vraag, palaute, viesti",
    "yhteydenotto, yhteystie, meddelande, fråga, besked, wiadomoś, zapytani, zpráv, správ, dotaz, üzenet",
    "сообщени, обратн, вопрос, повідомл, зворотн, запита, ileti, mesaj, soru, mensaxe, contat, contatt, poruka",
    "livre d'or, suggest, vorschlag, support, ticket, request a quote, quote request, demande, richiesta, solicit",
    "留言, 意见, 反馈, 联系, 聯絡, お問い合わせ, 問い合わせ, 문의, liên hệ, רסאל, report",
)
COMMENT = _lines(
    "comment, kommentar, coment, review, reply, respond, guestbook, guest book, livre d'or, gästebuch, avis",
    "bewertung, rezension, recensi, reseñ, opini, opinie, kommentti, arvostel, komentar, koment, hozzászól",
    "отзыв, коммент, відгук, yorum, trackback, yoursay, discuss, quickreply, postreply, newpost, newthread",
    "评论, 評論, 发表, コメント, レビュー, 댓글, bình luận, vieraskirja, reactie, reageer",
)
TO_THE_FIRM = _lines("contact, kontakt, feedback, enquir, inquir, yhteydenotto, contatt")
"""What a form that goes to the firm calls itself, even where a field in it is for "comments"."""
TO_A_FRIEND = _lines("friend, tellafriend, recommend, weiterempfehl, empfehl, unami, amigo, amico, referral")
INTO_BASKET = _lines("addtocart, addtobasket, addtobag, addcart, buynow, buyblock, addproduct, cartquantity")
"""What a form that puts something into a basket calls itself."""
BASKET = _lines(
    "add to cart, add to basket, add to bag, cart, basket, checkout, buynow, buy now, buyblock, addproduct",
    "shoppingbag, purchase, warenkorb, in den korb, jetzt kaufen, panier, carrito, añadir a la",
    "comprar, carrello, acquista, aggiungi al, winkelwagen, winkelmand, ostoskori, kundvagn, varukorg, indkøbskurv",
    "handlekurv, koszyk, košík, kosik, kosár, kosar, корзин, купить, кошик, купити, sepet, sat\u0131n al, carrinho",
    "购物车, 購物車, 购买, カート, 장바구니, quantity, qty, idproduct, productid, productsid, donat, adoptasku",
    "booking, bookingform, reserv, buchen, varaa, bestell, order now, place order, orderform, paypal, tilaus",
)
POLL = _lines(
    "poll, vote, voting, umfrage, abstimm, sondage, sondaggio, encuesta, enquete, ankiet, опрос, голос",
    "äänest, omröst, szavaz, anket, 投票, アンケート, survey",
)
DISPLAY = _lines(
    "sort, orderby, perpage, styleid, langid, style, skin, theme, lang, currency, valuta, waehrung, währung, devise",
    "monnaie, moneda, display, viewmode, filter, limit, anzeig, sprache, pagesize, resultsperpage, daysprune",
)
NAVIGATION = _lines("jump, goto, pagination, paging, quickjump, forumjump, navig, pagejump, gotopage")
PAGE_FIELDS = frozenset({"page", "p", "pg", "pagenumber", "goto"})
EMAIL = _lines(
    "mail, correo, courriel, correio, eposta, posta el, poczt, почт, sähköposti, メール, 邮箱, 郵件, 이메일, @, e_mail"
)
CAPTCHA = _lines(
    "captcha, captha, cptch, security code, securitycode, verif, antispam, spamcheck, challenge, vcode, "
    "sicherheitscode, imagecode, keystring, honeypot, scode, checkcode"
)
