using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>What the fields of an order must be.</summary>
internal static class OrderRules
{
    public const int MostItems = 100;
    private const int MostOfOneItem = 10_000;
    private const decimal PriceBound = 1_000_000_000m;
    private const int LongestStreet = 200;
    private const int LongestPostalCode = 20;
    private const int LongestCity = 100;
    private const int LongestProductId = 64;
    private const int LongestItemName = 200;
    private const int LongestReference = 100;
    private const int LongestReason = 500;

    public static IRuleBuilderOptions<T, string?> Street<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestStreet);

    /// <summary>A postal code that is there; see <see cref="Country.NeedsPostalCode"/> for where it must be.</summary>
    public static IRuleBuilderOptions<T, string?> PostalCode<T>(this IRuleBuilder<T, string?> rule) => rule.Described(
        PlainText.BlankConstraint(LongestPostalCode) with
        {
            Note = $"Required, except where the country has none: {string.Join(", ", Country.WithoutPostalCodes)}.",
        },
        code => PlainText.Fault(code, LongestPostalCode));

    public static IRuleBuilderOptions<T, string?> City<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestCity);

    public static IRuleBuilderOptions<T, string?> ProductId<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestProductId);

    public static IRuleBuilderOptions<T, string?> ItemName<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestItemName);

    /// <summary>What others call something by: a payment reference, a carrier, a tracking number.</summary>
    public static IRuleBuilderOptions<T, string?> Reference<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestReference);

    public static IRuleBuilderOptions<T, string?> Reason<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestReason);

    public static IRuleBuilderOptions<T, string?> CountryCode<T>(this IRuleBuilder<T, string?> rule) => rule.Described(
        new FieldConstraint { IsRequired = true, Words = Country.Codes, Note = "ISO 3166, alpha-2." },
        code => code is not null && Country.IsKnown(code.Trim()) ? null : "Must be a country code of ISO 3166, like DE.");

    public static IRuleBuilderOptions<T, string?> CurrencyCode<T>(this IRuleBuilder<T, string?> rule) => rule.Described(
        new FieldConstraint { IsRequired = true, Words = Currency.Codes, Note = "ISO 4217." },
        code => Currency.Find(code?.Trim()) is not null ? null : "Must be a currency code of ISO 4217, like EUR.");

    public static IRuleBuilderOptions<T, IReadOnlyList<TItem>> ItemCount<T, TItem>(this IRuleBuilder<T, IReadOnlyList<TItem>> rule) => rule.Described(
        new FieldConstraint { IsRequired = true, MinItems = 1, MaxItems = MostItems },
        items => items is { Count: >= 1 and <= MostItems } ? null : $"Must be from 1 to {MostItems} items.");

    public static IRuleBuilderOptions<T, int> Quantity<T>(this IRuleBuilder<T, int> rule) => rule.Described(
        new FieldConstraint { IsRequired = true, Minimum = 1, Maximum = MostOfOneItem },
        quantity => quantity is >= 1 and <= MostOfOneItem ? null : "Must be from 1 to 10,000.");

    public static IRuleBuilderOptions<T, decimal?> UnitPrice<T>(this IRuleBuilder<T, decimal?> rule) => rule.Described(
        new FieldConstraint { IsRequired = true, Minimum = 0, ExclusiveMaximum = PriceBound, Note = "At most the minor digits of the currency." },
        price => price switch
        {
            null => "Is required.",
            >= 0 and < PriceBound => null,
            _ => "Must be at least 0 and below 1,000,000,000.",
        });

    public static IRuleBuilderOptions<T, string?> Status<T>(this IRuleBuilder<T, string?> rule) => rule.OneOf(OrderStatus.All);
}
