using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;

namespace Monolith.Host.Tests.Unit;

[Trait("Category", "Unit")]
public sealed class SettingsTests
{
    [Fact]
    public void Defaults_are_valid() => HostSettings.Require(Of());

    [Theory]
    [InlineData("Transport", "Kafka")]
    [InlineData("Transport", "")]
    [InlineData("Modules", "customers, Orders")]
    [InlineData("Log:Partitions", "64")]
    [InlineData("Urls", "http://127.0.0.1:5080;https://+:443")]
    [InlineData("Kafka:BootstrapServers", "kafka-1:9092, kafka-2,[::1]:9092,SSL://kafka-3:9093")]
    [InlineData("Kafka:Client:security.protocol", "SASL_SSL")]
    [InlineData("Database:Passwords:customers_app", "")]
    [InlineData("Projections:KeepRetiredFor", "00:00:00")]
    [InlineData("Stores:DuckDb:Memory", "2GB")]
    [InlineData("Stream:HeartbeatSeconds", "0.4")]
    [InlineData("ConnectionStrings:Orders", "Host=db;Password=a b")]
    [InlineData("Logging:LogLevel:Npgsql", "warning")]
    [InlineData("Logging:Console:FormatterName", "json")]
    [InlineData("STORES:FOLDER", "anywhere")]
    [InlineData("Path", "not ours")]
    public void Valid_setting_is_accepted(string key, string value) => HostSettings.Require(Of((key, value)));

    [Theory]
    [InlineData("Transport", "kafka", "The setting Transport is 'kafka'; it must be Embedded or Kafka.")]
    [InlineData("Modules", "Customers,Order",
        "The setting Modules is 'Customers,Order'; it must be one or several of Customers, Orders, Search, Analytics, with a "
        + "comma between.")]
    [InlineData("Modules", ",", "The setting Modules is ','; it must be one or several of")]
    [InlineData("Log:Partitions", "0", "The setting Log__Partitions is '0'; it must be a whole number from 1 to 1024.")]
    [InlineData("Log:Partitions", "1e2", "The setting Log__Partitions is '1e2'; it must be")]
    [InlineData("Urls", "5080", "The setting Urls is '5080'; it must be addresses like http://127.0.0.1:5080")]
    [InlineData("Urls", "ftp://127.0.0.1", "The setting Urls is 'ftp://127.0.0.1'; it must be")]
    [InlineData("Kafka:BootstrapServers", "kafka:port",
        "The setting Kafka__BootstrapServers is 'kafka:port'; it must be brokers like kafka-1:9092,kafka-2:9092.")]
    [InlineData("Kafka:BootstrapServers", "kafka:9092,", "The setting Kafka__BootstrapServers is")]
    [InlineData("Projections:KeepRetiredFor", "a week",
        "The setting Projections__KeepRetiredFor is 'a week'; it must be a span of time like 7.00:00:00 (days.hours:minutes:seconds).")]
    [InlineData("Stores:DuckDb:Memory", "256", "The setting Stores__DuckDb__Memory is '256'; it must be a size like 256MB or 2GB.")]
    [InlineData("Stores:DuckDb:Threads", "-1", "The setting Stores__DuckDb__Threads is '-1'; it must be a whole number from 1 to")]
    [InlineData("Stream:HeartbeatSeconds", "0", "The setting Stream__HeartbeatSeconds is '0'; it must be a number above 0, at most 600.")]
    [InlineData("Stream:BufferEvents", "15", "The setting Stream__BufferEvents is '15'; it must be a whole number from 16 to 1000000.")]
    [InlineData("Search:Store", "Solr", "The setting Search__Store is 'Solr'; it must be")]
    [InlineData("Logging:LogLevel:Npgsql", "loud", "The setting Logging__LogLevel__Npgsql cannot be read; it must be one of Trace")]
    [InlineData("Log:Partition", "64", "There is no setting Log__Partition; there are Log__Partitions.")]
    [InlineData("Stores:DuckDb:Memry", "1GB",
        "There is no setting Stores__DuckDb__Memry; there are Stores__Folder, Stores__DuckDb__Memory, Stores__DuckDb__Threads.")]
    [InlineData("Database:Passwords:custmers_app", "s3cret",
        "There is no setting Database__Passwords__custmers_app; there are Database__Passwords__customers_owner")]
    public void Invalid_setting_is_refused_by_its_name(string key, string value, string message) =>
        Refused((key, value)).ShouldStartWith(message);

    [Fact]
    public void All_errors_are_reported_together() => Refused(("Log:Partitions", "many"), ("Search:Stor", "Lucene")).ShouldBe(
        "The setting Log__Partitions is 'many'; it must be a whole number from 1 to 1024. "
        + "There is no setting Search__Stor; there are Search__Store.");

    [Theory]
    [InlineData("ConnectionStrings:Monolith", "Host=db;Passwort=s3cret", "ConnectionStrings__Monolith")]
    [InlineData("ConnectionStrings:Orders", "Host=db;Port=s3cret", "ConnectionStrings__Orders")]
    [InlineData("ConnectionStrings:Monolith", "Password=s3cret", "ConnectionStrings__Monolith")]
    public void Message_contains_no_secret(string key, string value, string name)
    {
        var message = Refused((key, value));
        message.ShouldBe($"The setting {name} cannot be read; it must be a connection string like Host=db;Port=5432;Database=monolith.");
        message.ShouldNotContain("s3cret");
    }

    [Fact]
    public void Connection_string_of_an_unknown_module_is_a_warning()
    {
        var configuration = Of(
            ("ConnectionStrings:Order", "Host=db;Password=s3cret"),
            ("ConnectionStrings:Orders", "Host=db"),
            ("ConnectionStrings:Monolith", "Host=db"));
        HostSettings.Require(configuration);
        HostSettings.Warnings(configuration).ShouldHaveSingleItem().ShouldStartWith(
            "There is no setting ConnectionStrings__Order; "
            + "there are ConnectionStrings__Monolith, ConnectionStrings__Customers, ConnectionStrings__Orders");
    }

    private static string Refused(params (string Key, string Value)[] settings) =>
        Should.Throw<InvalidSettingException>(() => HostSettings.Require(Of(settings))).Message;

    private static IConfigurationRoot Of(params (string Key, string Value)[] settings)
    {
        var pairs = settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value));
        return new ConfigurationBuilder().AddInMemoryCollection(pairs).Build();
    }
}
