using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Customers.Tests.Unit;

[Trait("Category", "Unit")]
public sealed class CustomerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Registering_trims_and_lower_cases_and_raises_one_event()
    {
        var customer = Customer.Register(" Ada.L ", " Ada ", "Lovelace ", " Ada@Example.org ", Noon).Value;

        var raised = customer.RaisedEvents.ShouldHaveSingleItem();
        raised.Version.ShouldBe(1);
        raised.Data.ShouldBe(new CustomerRegistered(customer.Id, "ada.l", "Ada", "Lovelace", "Ada@Example.org"));
        customer.Status.ShouldBe(CustomerStatus.Active);
        customer.RegisteredAt.ShouldBe(Noon);
    }

    [Theory]
    [InlineData("ab", "Ada", "Lovelace", "ada@example.org", "username")]
    [InlineData("ada", "", "Lovelace", "ada@example.org", "firstName")]
    [InlineData("ada", "Ada", "\0", "ada@example.org", "lastName")]
    [InlineData("ada", "Ada", "Lovelace", "ada", "email")]
    public void Registration_with_an_invalid_value_is_refused(string username, string first, string last, string email, string field) =>
        Customer.Register(username, first, last, email, Noon).Error!.Fields!.Keys.ShouldBe([field]);

    [Fact]
    public void Change_to_an_invalid_value_changes_nothing()
    {
        var customer = Ada();

        customer.Rename("", "Lovelace", Noon)!.Fields!.Keys.ShouldBe(["firstName"]);
        customer.ChangeEmail("ada", Noon)!.Fields!.Keys.ShouldBe(["email"]);
        customer.Deactivate(" ", Noon)!.Fields!.Keys.ShouldBe(["reason"]);

        (customer.FirstName, customer.Email, customer.Status, customer.Version)
            .ShouldBe(("Ada", "ada@example.org", CustomerStatus.Active, 1));
    }

    [Fact]
    public void Change_without_effect_raises_no_event()
    {
        var customer = Ada();

        customer.Rename(" Ada", "Lovelace ", Noon);
        customer.ChangeEmail(" ada@example.org ", Noon);
        customer.Reactivate("why not", Noon);

        customer.RaisedEvents.Count.ShouldBe(1);
        customer.Version.ShouldBe(1);
    }

    [Fact]
    public void Name_and_address_are_two_events()
    {
        var customer = Ada();

        customer.Rename("Augusta", "Lovelace", Noon.AddSeconds(1));
        customer.ChangeEmail("augusta@example.org", Noon.AddSeconds(1));

        customer.RaisedEvents.Skip(1).Select(raised => raised.Data).ShouldBe(
            [new CustomerRenamed(customer.Id, "Augusta", "Lovelace"), new CustomerEmailChanged(customer.Id, "augusta@example.org")]);
        customer.Version.ShouldBe(3);
    }

    [Fact]
    public void Deactivating_twice_raises_once()
    {
        var customer = Ada();

        customer.Deactivate(" moved ", Noon);
        customer.Deactivate("again", Noon);
        customer.Reactivate("back", Noon);
        customer.Reactivate("again", Noon);

        customer.RaisedEvents.Skip(1).Select(raised => raised.Data)
            .ShouldBe([new CustomerDeactivated(customer.Id, "moved"), new CustomerReactivated(customer.Id, "back")]);
    }

    [Fact]
    public void Time_never_goes_back_in_a_stream()
    {
        var customer = Ada();

        customer.Deactivate("clock set back", Noon.AddHours(-1));

        customer.ChangedAt.ShouldBe(Noon);
        customer.RaisedEvents[1].OccurredAt.ShouldBe(Noon);
    }

    private static Customer Ada() => Customer.Register("ada", "Ada", "Lovelace", "ada@example.org", Noon).Value;
}
