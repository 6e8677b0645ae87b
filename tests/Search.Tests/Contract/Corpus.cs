using System.Globalization;
using Monolith.Modules.Search.Application;

namespace Monolith.Search.Tests.Contract;

/// <summary>Customers and orders written by hand, with names of many languages (customers.tsv, orders.tsv).</summary>
internal static class Corpus
{
    private const byte OfCustomers = 1;
    private const byte OfOrders = 2;

    private static readonly Dictionary<string, CustomerRow> ByUsername = Lines("customers.tsv")
        .Select((line, i) => new CustomerRow(Id(OfCustomers, i + 1), line[0], line[1], line[2], line[3], line[4], Time(line[5])))
        .ToDictionary(row => row.Username);

    public static IReadOnlyCollection<CustomerRow> Customers => ByUsername.Values;

    public static IReadOnlyList<OrderRow> Orders { get; } = [.. Lines("orders.tsv").Select(Order)];

    public static Guid CustomerId(string username) => ByUsername[username].Id;

    public static Guid OrderId(string number) => Id(OfOrders, int.Parse(number, CultureInfo.InvariantCulture));

    /// <summary>The lines of a file without comments, split into columns.</summary>
    public static IEnumerable<string[]> Lines(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Contract", file))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'));

    public static DateTimeOffset Time(string day) =>
        new(DateTime.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), TimeSpan.Zero);

    private static OrderRow Order(string[] line) => new(
        OrderId(line[0]), CustomerId(line[1]), line[2], line[5], decimal.Parse(line[6], CultureInfo.InvariantCulture), line[3], line[4],
        [.. line[8].Split(';').Select(item => item.Split('@')).Select(item => new OrderedItem(item[1], item[0], 1))], Time(line[7]));

    private static Guid Id(byte type, int number) => new(number, 0, 0, type, 0, 0, 0, 0, 0, 0, 0);
}
