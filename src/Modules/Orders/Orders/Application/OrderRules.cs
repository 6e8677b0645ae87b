using FluentValidation;
using Monolith.BuildingBlocks.Cqrs;
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

    public static IRuleBuilderOptionsConditions<T, string?> Street<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestStreet);

    public static IRuleBuilderOptionsConditions<T, string?> PostalCode<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestPostalCode);

    public static IRuleBuilderOptionsConditions<T, string?> City<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestCity);

    public static IRuleBuilderOptionsConditions<T, string?> ProductId<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestProductId);

    public static IRuleBuilderOptionsConditions<T, string?> ItemName<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestItemName);

    /// <summary>What others call something by: a payment reference, a carrier, a tracking number.</summary>
    public static IRuleBuilderOptionsConditions<T, string?> Reference<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestReference);

    public static IRuleBuilderOptionsConditions<T, string?> Reason<T>(this IRuleBuilder<T, string?> rule) => rule.Text(LongestReason);

    public static IRuleBuilderOptions<T, string?> CountryCode<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(code => code is not null && Country.IsKnown(code.Trim())).WithMessage("Must be a country code of ISO 3166, like DE.");

    public static IRuleBuilderOptions<T, string?> CurrencyCode<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(code => Currency.Find(code?.Trim()) is not null).WithMessage("Must be a currency code of ISO 4217, like EUR.");

    public static IRuleBuilderOptions<T, int> Quantity<T>(this IRuleBuilder<T, int> rule) =>
        rule.InclusiveBetween(1, MostOfOneItem).WithMessage("Must be from 1 to 10,000.");

    public static IRuleBuilderOptions<T, decimal?> UnitPrice<T>(this IRuleBuilder<T, decimal?> rule) => rule
        .NotNull().WithMessage("Is required.")
        .Must(price => price is null or (>= 0 and < PriceBound)).WithMessage("Must be at least 0 and below 1,000,000,000.");

    public static IRuleBuilderOptions<T, string?> Status<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(status => status is null || OrderStatus.IsKnown(status)).WithMessage("Must be placed, paid, shipped or cancelled.");
}
