namespace Monolith.Modules.Orders.Domain;

/// <summary>Where an order goes.</summary>
internal sealed record Address(string Street, string PostalCode, string City, string Country)
{
    public Address Trimmed() => new(Street.Trim(), PostalCode.Trim(), City.Trim(), Country.Trim());
}
