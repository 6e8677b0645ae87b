namespace Monolith.Modules.Orders.CustomerView;

/// <summary>A customer as Orders knows it.</summary>
internal sealed record CustomerRow(Guid CustomerId, string Username, string Name, string Status);
