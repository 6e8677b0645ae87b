using System.Text.Json;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class InvalidInputTests(Servers servers)
{
    private const int SomeCommands = 200;
    private const int MebiByte = 1024 * 1024;

    private const int MaxRounds = 10;

    private static readonly TimeSpan KnownWithin = TimeSpan.FromSeconds(10);
    private static readonly string Absent = Guid.CreateVersion7().ToString();

    [Fact]
    public async Task Invalid_input_returns_its_problem_and_appends_no_event()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        await using var load = MixedLoad.Full(1, host.Url);
        await RunUntilEveryStateIsThereAsync(load, site);
        await SystemInvariants.CaughtUpAsync(site.Sql, KnownWithin);
        using var client = new HttpClient { BaseAddress = new Uri(host.Url, "api/v1/") };
        var log = await WrittenLog.ReadAsync(site.Sql, "customers");
        var customer = CustomerState.Fold(log.Events).Values.First(c => c.Status == "active");
        var inactive = CustomerState.Fold(log.Events).Values.First(c => c.Status == "inactive").Id;
        var orders = OrderState.Fold((await WrittenLog.ReadAsync(site.Sql, "orders")).Events).Values.ToArray();
        var before = await HeadsAsync(site);

        var faults = new List<string>();
        InvalidInput[] inputs =
        [
            .. Registrations(customer.Username), .. Changes(customer.Id), .. Orders(customer.Id, inactive), .. Steps(orders),
            .. Bodies(customer.Id), .. Addresses(customer.Id), .. Pages(),
        ];
        foreach (var input in inputs)
        {
            if (await input.SendAsync(client) is { } fault)
                faults.Add(fault);
        }

        faults.ShouldBeEmpty($"{faults.Count} of {inputs.Length} inputs");
        (await HeadsAsync(site)).ShouldBe(before);
    }

    // The load is random. More commands create what is still missing.
    private static async Task RunUntilEveryStateIsThereAsync(MixedLoad load, Site site)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            await load.RunAsync(SomeCommands);
            var customers =
                CustomerState.Fold((await WrittenLog.ReadAsync(site.Sql, "customers")).Events).Values.Select(customer => customer.Status);
            var orders = OrderState.Fold((await WrittenLog.ReadAsync(site.Sql, "orders")).Events).Values.Select(order => order.Status);
            if (customers.Distinct().Count() == 2 && orders.Distinct().Count() == 4)
                return;
        }
    }

    private static IEnumerable<InvalidInput> Registrations(string existing)
    {
        static object With(
            string? username = "somebody", string? firstName = "Some", string? lastName = "Body", string? email = "some@body.org") =>
            new { username, firstName, lastName, email };
        foreach (
            var bad in (string?[])[null, "", "ab", new string('a', 31), "with space", "ümlaut", "a/b/c", "\u212Aelvin", "a\tb c", "a@b.c"])
            yield return InvalidInput.Post("customers", With(username: bad), "username");
        foreach (var bad in (string?[])[null, "", "   ", new string('n', 101), "a\u0000b", "a\u0007b", "line\nbreak", "\u200B", "\u0085"])
        {
            yield return InvalidInput.Post("customers", With(firstName: bad), "firstName");
            yield return InvalidInput.Post("customers", With(lastName: bad), "lastName");
        }

        foreach (
            var bad in (string?[])
            [
                null, "", "nobody", "@nowhere.org", "a@", "a@b@c.org", "a b@c.org", "a@-b.org", "a@b..org", "a@b.org, c@d.org",
                "Some Body <a@b.org>", $"{new string('a', 250)}@b.org"
            ])
            yield return InvalidInput.Post("customers", With(email: bad), "email");
        yield return new InvalidInput(HttpMethod.Post, "customers", 409, "username-taken")
        {
            Body = $$"""{"username":"{{existing.ToUpperInvariant()}}","firstName":"A","lastName":"B","email":"a@b.org"}""",
        };
        foreach (var actor in (string[])[new string('x', 201), "a\u0001b"])
        {
            yield return new InvalidInput(HttpMethod.Post, "customers", 400, "invalid-request")
            {
                Body = """{"username":"somebody","firstName":"A","lastName":"B","email":"a@b.org"}""", Header = ("X-Actor", actor),
            };
        }
    }

    private static IEnumerable<InvalidInput> Changes(Guid customer)
    {
        yield return InvalidInput.Patch($"customers/{customer}", new { firstName = " " }, "firstName");
        yield return InvalidInput.Patch($"customers/{customer}", new { lastName = new string('n', 101) }, "lastName");
        yield return InvalidInput.Patch($"customers/{customer}", new { email = "nobody" }, "email");
        yield return InvalidInput.Post($"customers/{customer}/deactivate", new { reason = "" }, "reason");
        yield return InvalidInput.Post($"customers/{customer}/deactivate", new { reason = new string('r', 501) }, "reason");
        yield return InvalidInput.Post($"customers/{customer}/reactivate", new { }, "reason");
        yield return new InvalidInput(
            HttpMethod.Patch, $"customers/{Absent}", 404, "customer-not-found") { Body = """{"firstName":"A"}""" };
        foreach (var tag in (string[])["3", "W/\"3\"", "\"x\"", "\"1\", \"2\"", "\"01\""])
            yield return new InvalidInput(
                HttpMethod.Patch,
                $"customers/{customer}",
                400,
                "invalid-if-match") { Body = """{"firstName":"A"}""", Header = ("If-Match", tag) };
        yield return new InvalidInput(HttpMethod.Patch, $"customers/{customer}", 412, "stale-version")
        {
            Body = """{"firstName":"A"}""",
            Header = ("If-Match", "\"4711\""),
        };
    }

    private static IEnumerable<InvalidInput> Orders(Guid customer, Guid inactive)
    {
        static object Item(string? productId = "p", string? name = "Thing", object? quantity = null, object? unitPrice = null) =>
            new { productId, name, quantity = quantity ?? 1, unitPrice = unitPrice ?? 1 };
        static object Address(string? street = "S 1", string? postalCode = "1", string? city = "C", string? country = "DE") =>
            new { street, postalCode, city, country };
        object With(object? items = null, object? address = null, string? currency = "EUR", Guid? of = null) =>
            new { customerId = of ?? customer, currency, deliveryAddress = address ?? Address(), items = items ?? new[] { Item() } };
        InvalidInput BadItem(object item, string field) =>
            InvalidInput.Post("orders", With(items: new[] { Item(), item }), $"items[1].{field}");
        InvalidInput BadAddress(object address, string field) =>
            InvalidInput.Post("orders", With(address: address), $"deliveryAddress.{field}");

        yield return InvalidInput.Post("orders", With(items: Array.Empty<object>()), "items");
        yield return InvalidInput.Post("orders", With(items: Enumerable.Repeat(Item(), 101)), "items");
        yield return BadItem(Item(quantity: 0), "quantity");
        yield return BadItem(Item(quantity: -1), "quantity");
        yield return BadItem(Item(quantity: 10_001), "quantity");
        yield return BadItem(Item(quantity: 1.5), "quantity");
        yield return BadItem(Item(unitPrice: -0.01m), "unitPrice");
        yield return BadItem(Item(unitPrice: 1_000_000_000), "unitPrice");
        yield return BadItem(Item(unitPrice: 1.234m), "unitPrice");
        yield return BadItem(Item(unitPrice: "12.50"), "unitPrice");
        yield return BadItem(Item(productId: ""), "productId");
        yield return BadItem(Item(productId: new string('p', 65)), "productId");
        yield return BadItem(Item(name: " "), "name");
        yield return BadItem(Item(name: new string('n', 201)), "name");
        yield return BadAddress(Address(street: new string('s', 201)), "street");
        yield return BadAddress(Address(street: null), "street");
        yield return BadAddress(Address(postalCode: new string('1', 21)), "postalCode");
        yield return BadAddress(Address(city: new string('c', 101)), "city");
        yield return BadAddress(Address(city: "a\u0000"), "city");
        foreach (var bad in (string?[])[null, "", "D", "DEU", "ZZ", "de"])
            yield return BadAddress(Address(country: bad), "country");
        foreach (var bad in (string?[])[null, "", "EURO", "XXX", "eur"])
            yield return InvalidInput.Post("orders", With(currency: bad), "currency");
        yield return InvalidInput.Post(
            "orders",
            new { customerId = customer, currency = "EUR", deliveryAddress = (object?)null, items = new[] { Item() } },
            "deliveryAddress");
        yield return InvalidInput.Post(
            "orders", new { currency = "EUR", deliveryAddress = Address(), items = new[] { Item() } }, "customerId");
        yield return new InvalidInput(HttpMethod.Post, "orders", 422, "customer-unknown")
        {
            Body = JsonSerializer.Serialize(With(of: Guid.Parse(Absent))),
        };
        yield return new InvalidInput(HttpMethod.Post, "orders", 422, "customer-inactive")
        {
            Body = JsonSerializer.Serialize(With(of: inactive)),
        };
    }

    private static IEnumerable<InvalidInput> Steps(OrderState[] orders)
    {
        var shipped = orders.First(order => order.Status == "shipped").Id;
        var cancelled = orders.First(order => order.Status == "cancelled").Id;
        var placed = orders.First(order => order.Status == "placed").Id;
        InvalidInput Refused(Guid order, string step, string body) =>
            new(HttpMethod.Post, $"orders/{order}/{step}", 409, "order-status") { Body = body };

        yield return Refused(shipped, "pay", """{"reference":"r"}""");
        yield return Refused(shipped, "cancel", """{"reason":"r"}""");
        yield return Refused(cancelled, "pay", """{"reference":"r"}""");
        yield return Refused(cancelled, "ship", """{"carrier":"c","trackingNumber":"t"}""");
        yield return Refused(placed, "ship", """{"carrier":"c","trackingNumber":"t"}""");
        yield return InvalidInput.Post($"orders/{placed}/pay", new { reference = new string('r', 101) }, "reference");
        yield return InvalidInput.Post($"orders/{placed}/pay", new { }, "reference");
        yield return InvalidInput.Post($"orders/{placed}/ship", new { carrier = new string('c', 101), trackingNumber = "t" }, "carrier");
        yield return InvalidInput.Post($"orders/{placed}/ship", new { carrier = "c", trackingNumber = "" }, "trackingNumber");
        yield return InvalidInput.Post($"orders/{placed}/cancel", new { reason = new string('r', 501) }, "reason");
        yield return new InvalidInput(HttpMethod.Post, $"orders/{Absent}/pay", 404, "order-not-found") { Body = """{"reference":"r"}""" };
    }

    private static IEnumerable<InvalidInput> Bodies(Guid customer)
    {
        foreach (var malformed in (string[])["", "{", "nonsense", """{"username":}""", """{"username":"a",}""", "{} {}"])
            yield return InvalidInput.Raw("customers", malformed, 400, "malformed-json");
        foreach (var noObject in (string[])["null", "[]", "1", "\"text\""])
            yield return InvalidInput.Raw("customers", noObject, 400, "invalid-request");
        yield return InvalidInput.Raw(
            "customers",
            """{"username":"twice","username":"twice","firstName":"A","lastName":"B","email":"a@b.org"}""",
            400,
            "invalid-request");
        yield return new InvalidInput(HttpMethod.Post, "customers", 400, "invalid-request")
        {
            Body = """{"username":1,"firstName":"A","lastName":"B","email":"a@b.org"}""",
            Field = "username",
        };
        yield return new InvalidInput(HttpMethod.Post, "customers", 400, "invalid-request")
        {
            Body = """{"username":"half-pair","firstName":"\ud83d","lastName":"B","email":"a@b.org"}""",
            Field = "firstName",
        };
        yield return new InvalidInput(HttpMethod.Post, "customers", 413, "body-too-large")
        {
            Body = $$"""{"username":"{{new string('u', MebiByte)}}"}""",
        };
        yield return new InvalidInput(HttpMethod.Post, "customers", 413, "body-too-large")
        {
            Body = $$"""{"username":"{{new string('u', MebiByte)}}"}""",
            Header = ("Expect", "100-continue"),
        };
        foreach (
            var type in (string[])
            [
                "text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=utf-16"
            ])
            yield return new InvalidInput(
                HttpMethod.Post, "customers", 415, "unsupported-content-type") { Body = "{}", ContentType = type };
        yield return new InvalidInput(
            HttpMethod.Patch,
            $"customers/{customer}",
            415,
            "unsupported-content-type") { Body = "{}", ContentType = "application/merge-patch" };
    }

    private static IEnumerable<InvalidInput> Addresses(Guid customer)
    {
        yield return InvalidInput.Get("customers/17", 400, "invalid-id", "id");
        yield return InvalidInput.Get($"customers/{{{customer}}}", 400, "invalid-id", "id");
        yield return InvalidInput.Get("orders/none", 400, "invalid-id", "id");
        yield return InvalidInput.Get("order-summaries/none", 400, "invalid-id", "customerId");
        yield return InvalidInput.Get($"customers/{Absent}", 404, "customer-not-found");
        yield return InvalidInput.Get($"orders/{Absent}", 404, "order-not-found");
        yield return InvalidInput.Get($"order-summaries/{Absent}", 404, "customer-not-found");
        yield return InvalidInput.Get("nowhere", 404, "route-not-found");
        yield return new InvalidInput(HttpMethod.Delete, $"customers/{customer}", 405, "method-not-allowed");
        yield return new InvalidInput(HttpMethod.Put, "orders", 405, "method-not-allowed") { Body = "{}" };
    }

    private static IEnumerable<InvalidInput> Pages()
    {
        foreach (var list in (string[])["customers", "orders"])
        {
            foreach (var limit in (string[])["0", "-1", "201", "x", "1.5", "99999999999", ""])
                yield return InvalidInput.Get($"{list}?limit={limit}", 400, "invalid-request", "limit");
            foreach (var cursor in (string[])["", "x", "AAAA", "!!!!", Absent])
                yield return InvalidInput.Get($"{list}?after={cursor}", 400, "invalid-request", "after");
        }

        yield return InvalidInput.Get("orders?status=lost", 400, "invalid-request", "status");
        yield return InvalidInput.Get("orders?customerId=17", 400, "invalid-request", "customerId");
        yield return InvalidInput.Get("customers?username=%20", 400, "invalid-request", "username");
    }

    private static async Task<IReadOnlyList<long>> HeadsAsync(Site site) =>
        [.. await WrittenLog.CountersAsync(site.Sql, "customers"), .. await WrittenLog.CountersAsync(site.Sql, "orders")];
}
