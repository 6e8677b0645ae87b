using System.Diagnostics.CodeAnalysis;

namespace Monolith.Modules.Orders.Domain;

/// <summary>Where an order goes. The postal code is empty where there is none.</summary>
internal sealed record Address(string Street, [AllowNull] [property: AllowNull] string PostalCode, string City, string Country)
{
    public Address Trimmed() => new(Street.Trim(), (PostalCode ?? "").Trim(), City.Trim(), Country.Trim());
}
