using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Customers.Contracts;

namespace Monolith.Orders.Tests.EmailDomains;

/// <summary>A domain of e-mail addresses, and the number of times a customer joined it.</summary>
internal sealed record DomainRow(TextKey Domain, int Joined);

/// <summary>Counts registrations and changes of address, by the domain of the new address.</summary>
internal sealed class DomainProjection : KeyedProjection<TextKey, DomainRow>
{
    public DomainProjection()
    {
        On<CustomerRegistered>(e => DomainOf(e.Email), (e, row) => Joined(row, e.Email));
        On<CustomerEmailChanged>(e => DomainOf(e.Email), (e, row) => Joined(row, e.Email));
    }

    private static DomainRow Joined(DomainRow? row, string email) => new(DomainOf(email), (row?.Joined ?? 0) + 1);

    private static TextKey DomainOf(string email) => TextKey.From(email[(email.LastIndexOf('@') + 1)..].ToLowerInvariant());
}
