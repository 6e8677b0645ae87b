using System.Diagnostics.CodeAnalysis;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.Modules.Orders.Domain;

/// <summary>Where an order goes. The postal code is empty where there is none.</summary>
internal sealed record Address(string Street, [AllowNull] [property: AllowNull] string PostalCode, string City, string Country)
{
    public Address Trimmed() => new(Street.Trim(), PlainText.IsBlank(PostalCode) ? "" : PostalCode.Trim(), City.Trim(), Country.Trim());

    /// <summary>Whether the postal code must keep its rule: it is present, or the country requires one.</summary>
    public bool MustCheckPostalCode() =>
        Country is null || Domain.Country.NeedsPostalCode(Country.Trim()) || !PlainText.IsBlank(PostalCode);

    public void Check(FieldFaults faults, string field)
    {
        faults.Add($"{field}.street", OrderRules.Street.Fault(Street));
        if (MustCheckPostalCode())
            faults.Add($"{field}.postalCode", OrderRules.PostalCode.Fault(PostalCode));
        faults.Add($"{field}.city", OrderRules.City.Fault(City));
        faults.Add($"{field}.country", OrderRules.Country.Fault(Country));
    }
}
