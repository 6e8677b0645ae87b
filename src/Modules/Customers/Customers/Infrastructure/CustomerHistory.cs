using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Histories;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Infrastructure;

/// <summary>A customer as it was after each of its events.</summary>
internal sealed class CustomerHistory() : StreamHistory<CustomerState>("customer", HistoryJson.Web.CustomerState)
{
    public override CustomerState? Apply(CustomerState? state, Event e)
    {
        var next = e.Data switch
        {
            CustomerRegistered r => new(
                r.CustomerId, r.Username, r.FirstName, r.LastName, r.Email, CustomerStatus.Active, e.StreamVersion, e.OccurredAt,
                e.OccurredAt),
            CustomerRenamed r => state! with { FirstName = r.FirstName, LastName = r.LastName },
            CustomerEmailChanged c => state! with { Email = c.Email },
            CustomerDeactivated => state! with { Status = CustomerStatus.Inactive },
            CustomerReactivated => state! with { Status = CustomerStatus.Active },
            _ => state,
        };
        return next is null ? null : next with { Version = e.StreamVersion, ChangedAt = e.OccurredAt };
    }
}

/// <summary>A customer with the fields that callers see.</summary>
internal sealed record CustomerState(
    Guid Id,
    string Username,
    string FirstName,
    string LastName,
    string Email,
    string Status,
    long Version,
    DateTimeOffset RegisteredAt,
    DateTimeOffset ChangedAt);

/// <summary>How a customer's history is written.</summary>
[JsonSerializable(typeof(CustomerState))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    public static HistoryJson Web { get; } = new(EventJson.NewOptions());
}
