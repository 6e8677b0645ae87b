namespace Monolith.System.Tests.Verification;

/// <summary>A customer, folded from the log by the tests themselves.</summary>
internal sealed record CustomerState(Guid Id, string Username, string FirstName, string LastName, string Email, string Status, long Version)
{
    public string Name => $"{FirstName} {LastName}";

    /// <summary>The customers after a log.</summary>
    public static Dictionary<Guid, CustomerState> Fold(IEnumerable<LoggedEvent> events)
    {
        var customers = new Dictionary<Guid, CustomerState>();
        foreach (var logged in events)
            customers[logged.Stream] = After(customers.GetValueOrDefault(logged.Stream), logged);
        return customers;
    }

    private static CustomerState After(CustomerState? before, LoggedEvent logged)
    {
        var fields = logged.Fields();
        fields.GetProperty("customerId").GetGuid().ShouldBe(logged.Stream);
        string Text(string name) => fields.GetProperty(name).GetString()!;
        var after = logged.Type switch
        {
            "customer.registered.v1" =>
                new CustomerState(logged.Stream, Text("username"), Text("firstName"), Text("lastName"), Text("email"), "active", 0),
            "customer.renamed.v1" => before! with { FirstName = Text("firstName"), LastName = Text("lastName") },
            "customer.email-changed.v1" => before! with { Email = Text("email") },
            "customer.deactivated.v1" => before! with { Status = "inactive" },
            "customer.reactivated.v1" => before! with { Status = "active" },
            _ => before!,
        };
        return after with { Version = logged.Version };
    }
}
