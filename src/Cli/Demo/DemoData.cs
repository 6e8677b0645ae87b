namespace Monolith.Cli.Demo;

/// <summary>Random customers, addresses and products.</summary>
internal static class DemoData
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int SuffixLength = 7;

    private static readonly (string Name, string Plain)[] FirstNames =
    [
        ("Zoë", "zoe"), ("Jürgen", "juergen"), ("Ada", "ada"), ("José", "jose"), ("Aiko", "aiko"), ("Linus", "linus"), ("Chloé", "chloe"),
        ("Søren", "soren"),
        ("Małgorzata", "malgorzata"), ("Tomáš", "tomas"), ("Grace", "grace"), ("Omar", "omar"), ("Ingrid", "ingrid"), ("Łukasz", "lukasz"),
        ("Nguyễn", "nguyen"), ("Bjørn", "bjorn"),
    ];

    private static readonly (string Name, string Plain)[] LastNames =
    [
        ("Novák", "novak"), ("Müller", "mueller"), ("O'Brien", "obrien"), ("García", "garcia"), ("Tanaka", "tanaka"), ("Åberg", "aberg"),
        ("Lefèvre", "lefevre"), ("Kowalski", "kowalski"),
        ("Smith", "smith"), ("Dvořák", "dvorak"), ("Haddad", "haddad"), ("van den Berg", "berg"), ("Öztürk", "ozturk"), ("Rossi", "rossi"),
        ("Jensen", "jensen"), ("Đặng", "dang"),
    ];

    private static readonly Place[] Places =
    [
        new("Hauptstraße", "10115", "Berlin", "DE", "EUR"), new("Rue de la Paix", "75002", "Paris", "FR", "EUR"),
        new("Calle Mayor", "28013", "Madrid", "ES", "EUR"),
        new("Baker Street", "NW1 6XE", "London", "GB", "GBP"), new("Main Street", "02101", "Boston", "US", "USD"),
        new("Dlouhá", "110 00", "Praha", "CZ", "CZK"),
        new("Drottninggatan", "111 51", "Stockholm", "SE", "SEK"), new("Meiji-dori", "150-0001", "Tokyo", "JP", "JPY"),
        new("Ulica Długa", "31-147", "Kraków", "PL", "PLN"),
    ];

    // Prices in euros; those in other currencies are estimates.
    private static readonly (string Id, string Name, decimal Price)[] Products =
    [
        ("kettle-17", "Kettle, 1.7 l", 39.90m), ("lamp-desk", "Desk lamp", 64.50m), ("mug-blue", "Mug, blue", 8.95m),
        ("chair-oak", "Oak chair", 189.00m), ("book-ddd", "Domain-Driven Design", 54.99m),
        ("tea-sencha", "Sencha, 100 g", 12.40m), ("bike-bell", "Bicycle bell", 15.00m), ("pen-fine", "Fineliner, box of 12", 22.80m),
        ("rug-wool", "Wool rug, 160 × 230", 310.00m), ("plant-fig", "Fig tree", 47.25m),
    ];

    private static readonly string[] Carriers = ["DHL", "UPS", "DPD", "Post"];

    private static readonly string[] Reasons =
        ["asked by the customer", "moved away", "ordered twice", "found it elsewhere", "back from a break"];

    private sealed record Place(string Street, string PostalCode, string City, string Country, string Currency);

    public static object Customer()
    {
        var (first, last) = (Any(FirstNames), Any(LastNames));
        var username = $"{first.Plain}.{last.Plain}.{Suffix()}";
        return new { username, firstName = first.Name, lastName = last.Name, email = $"{username}@example.com" };
    }

    public static object NewName() =>
        Random.Shared.Next(2) == 0
            ? new { lastName = Any(LastNames).Name }
            : new { email = $"{Any(FirstNames).Plain}.{Suffix()}@example.org" };

    public static object Order(string customerId)
    {
        var place = Any(Places);
        var products = Enumerable.Range(0, Random.Shared.Next(1, 5)).Select(_ => Any(Products)).DistinctBy(product => product.Id);
        var items = products.Select(product => new
        {
            productId = product.Id,
            name = product.Name,
            quantity = Random.Shared.Next(1, 4),
            unitPrice = Price(product.Price, place.Currency),
        });
        return new
        {
            customerId,
            currency = place.Currency,
            deliveryAddress = new
            {
                street = $"{place.Street} {Random.Shared.Next(1, 120)}",
                postalCode = place.PostalCode,
                city = place.City,
                country = place.Country,
            },
            items = items.ToArray(),
        };
    }

    public static object Payment() => new { reference = $"PAY-{Suffix()}" };

    public static object Shipment() => new { carrier = Any(Carriers), trackingNumber = Suffix().ToUpperInvariant() };

    public static object Reason() => new { reason = Any(Reasons) };

    private static decimal Price(decimal euros, string currency) => currency switch
    {
        "JPY" => Math.Round(euros * 160, 0),
        "CZK" => Math.Round(euros * 25, 2),
        "SEK" => Math.Round(euros * 11, 2),
        "PLN" => Math.Round(euros * 4.3m, 2),
        _ => euros,
    };

    private static string Suffix() => new(Random.Shared.GetItems(Letters.AsSpan(), SuffixLength));

    private static T Any<T>(T[] choices) => choices[Random.Shared.Next(choices.Length)];
}
