"""What a buyer reads where there is no price, in the shop's language."""

from collections.abc import Mapping

from makeready.prices.model import Language
from makeready_hooks.model.price import NoPriceCause

TEXTS: Mapping[Language, Mapping[NoPriceCause, str]] = {
    "en": {
        NoPriceCause.UNAVAILABLE: "The price is not available just now. Please try again in a moment.",
        NoPriceCause.UNKNOWN_PRODUCT: "This product is not available ({product}). Please ask us about it.",
        NoPriceCause.NO_PRICE: "There is no price for this product. Please ask us for one.",
        NoPriceCause.QUANTITY: "There is no price for a quantity of {quantity}. Please choose another quantity, or ask us.",
        NoPriceCause.CHOICE: "There is no price for this choice. Please choose differently, or ask us.",
        NoPriceCause.ON_REQUEST: "Please ask us for a price of this product.",
    },
    "fr": {
        NoPriceCause.UNAVAILABLE: "Le prix n'est pas disponible pour le moment. Veuillez réessayer dans un instant.",
        NoPriceCause.UNKNOWN_PRODUCT: "Ce produit n'est pas disponible ({product}). Veuillez nous contacter.",
        NoPriceCause.NO_PRICE: "Il n'y a pas de prix pour ce produit. Veuillez nous le demander.",
        NoPriceCause.QUANTITY: "Il n'y a pas de prix pour la quantité {quantity}. Veuillez la changer ou nous contacter.",
        NoPriceCause.CHOICE: "Il n'y a pas de prix pour ce choix. Veuillez en faire un autre ou nous contacter.",
        NoPriceCause.ON_REQUEST: "Veuillez nous demander le prix de ce produit.",
    },
    "de": {
        NoPriceCause.UNAVAILABLE: "Der Preis ist gerade nicht verfügbar. Bitte versuchen Sie es gleich noch einmal.",
        NoPriceCause.UNKNOWN_PRODUCT: "Dieses Produkt ist nicht verfügbar ({product}). Bitte fragen Sie uns danach.",
        NoPriceCause.NO_PRICE: "Für dieses Produkt gibt es keinen Preis. Bitte fragen Sie uns danach.",
        NoPriceCause.QUANTITY: "Für die Menge {quantity} gibt es keinen Preis. Bitte ändern Sie sie, oder fragen Sie uns.",
        NoPriceCause.CHOICE: "Für diese Auswahl gibt es keinen Preis. Bitte wählen Sie anders oder fragen Sie uns.",
        NoPriceCause.ON_REQUEST: "Bitte fragen Sie uns nach dem Preis dieses Produkts.",
    },
    "es": {
        NoPriceCause.UNAVAILABLE: "El precio no está disponible en este momento. Inténtelo de nuevo enseguida.",
        NoPriceCause.UNKNOWN_PRODUCT: "Este producto no está disponible ({product}). Consúltenos.",
        NoPriceCause.NO_PRICE: "No hay precio para este producto. Consúltenos.",
        NoPriceCause.QUANTITY: "No hay precio para una cantidad de {quantity}. Elija otra cantidad o consúltenos.",
        NoPriceCause.CHOICE: "No hay precio para esta selección. Elija otra o consúltenos.",
        NoPriceCause.ON_REQUEST: "Consúltenos el precio de este producto.",
    },
    "nl": {
        NoPriceCause.UNAVAILABLE: "De prijs is op dit moment niet beschikbaar. Probeer het zo meteen opnieuw.",
        NoPriceCause.UNKNOWN_PRODUCT: "Dit product is niet beschikbaar ({product}). Vraag het ons.",
        NoPriceCause.NO_PRICE: "Er is geen prijs voor dit product. Vraag het ons.",
        NoPriceCause.QUANTITY: "Er is geen prijs voor een aantal van {quantity}. Kies een ander aantal of vraag het ons.",
        NoPriceCause.CHOICE: "Er is geen prijs voor deze keuze. Kies iets anders of vraag het ons.",
        NoPriceCause.ON_REQUEST: "Vraag ons naar de prijs van dit product.",
    },
}


def text_for(language: Language, cause: NoPriceCause, *, product: str, quantity: int) -> str:
    return TEXTS[language][cause].format(product=product, quantity=quantity)
