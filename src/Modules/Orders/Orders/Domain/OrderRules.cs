using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.Modules.Orders.Domain;

/// <summary>The rules for the values of an order.</summary>
internal static class OrderRules
{
    public const int MaxItems = 100;
    private const int MaxOfOneItem = 10_000;
    private const decimal PriceBound = 1_000_000_000m;
    private const int LongestStreet = 200;
    private const int LongestPostalCode = 20;
    private const int LongestCity = 100;
    private const int LongestProductId = 64;
    private const int LongestItemName = 200;
    private const int LongestReference = 100;
    private const int LongestReason = 500;

    public static FieldRule<Guid> CustomerId { get; } = new(
        new FieldConstraint { IsRequired = true }, id => id == Guid.Empty ? "Is required." : null);

    public static FieldRule<string?> Currency { get; } = new(
        new FieldConstraint { IsRequired = true, Words = Domain.Currency.Codes, Note = "ISO 4217." },
        code => Domain.Currency.Find(code?.Trim()) is not null ? null : "Must be a currency code of ISO 4217, like EUR.");

    public static FieldRule<string?> Street { get; } = TextRule.UpTo(LongestStreet);

    /// <summary>A postal code that is present; see <see cref="Address.MustCheckPostalCode"/> for when it must be.</summary>
    public static FieldRule<string?> PostalCode { get; } = new(
        PlainText.BlankConstraint(LongestPostalCode) with
        {
            Note = $"Required, except where the country has none: {string.Join(", ", Domain.Country.WithoutPostalCodes)}.",
        },
        code => PlainText.Fault(code, LongestPostalCode));

    public static FieldRule<string?> City { get; } = TextRule.UpTo(LongestCity);

    public static FieldRule<string?> Country { get; } = new(
        new FieldConstraint { IsRequired = true, Words = Domain.Country.Codes, Note = "ISO 3166, alpha-2." },
        code => code is not null && Domain.Country.IsKnown(code.Trim()) ? null : "Must be a country code of ISO 3166, like DE.");

    public static FieldRule<IReadOnlyList<object>?> Items { get; } = new(
        new FieldConstraint { IsRequired = true, MinItems = 1, MaxItems = MaxItems },
        items => items is { Count: >= 1 and <= MaxItems } ? null : $"Must be from 1 to {MaxItems} items.");

    public static FieldRule<string?> ProductId { get; } = TextRule.UpTo(LongestProductId);

    public static FieldRule<string?> ItemName { get; } = TextRule.UpTo(LongestItemName);

    public static FieldRule<int> Quantity { get; } = new(
        new FieldConstraint { IsRequired = true, Minimum = 1, Maximum = MaxOfOneItem },
        quantity => quantity is >= 1 and <= MaxOfOneItem ? null : "Must be from 1 to 10,000.");

    /// <summary>A price; see <see cref="Domain.Currency.Fault"/> for its digits.</summary>
    public static FieldRule<decimal?> UnitPrice { get; } = new(
        new FieldConstraint
        {
            IsRequired = true,
            Minimum = 0,
            ExclusiveMaximum = PriceBound,
            Note = "At most the minor digits of the currency.",
        },
        price => price switch
        {
            null => "Is required.",
            >= 0 and < PriceBound => null,
            _ => "Must be at least 0 and below 1,000,000,000.",
        });

    /// <summary>A name that others give: a payment reference, a carrier, a tracking number.</summary>
    public static FieldRule<string?> Reference { get; } = TextRule.UpTo(LongestReference);

    public static FieldRule<string?> Reason { get; } = TextRule.UpTo(LongestReason);
}
