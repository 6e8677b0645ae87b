using System.Globalization;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.Web.Tests;

[Trait("Category", "Unit")]
public sealed class QueryReaderTests
{
    [Theory]
    [InlineData("2026-01-31T09:30:00Z", "2026-01-31T09:30:00.0000000Z")]
    [InlineData("2026-01-31T09:30:00.123456Z", "2026-01-31T09:30:00.1234560Z")]
    [InlineData("2026-01-31T09:30:00.5%2B02:00", "2026-01-31T07:30:00.5000000Z")]
    [InlineData("2026-01-31T09:30:00-05:30", "2026-01-31T15:00:00.0000000Z")]
    [InlineData("2026-01-31t09:30:00.123456789z", "2026-01-31T09:30:00.1234560Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.0000000Z")]
    public void Time_is_read(string text, string utc)
    {
        var reader = Reader($"?at={text}");

        reader.Time("at")!.Value.UtcDateTime.ToString("O").ShouldBe(utc);
        reader.Error.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T09:30:00")]
    [InlineData("2026-02-30T09:30:00Z")]
    [InlineData("31.01.2026 09:30")]
    [InlineData("2026-01-31T09:30:00+02:00")]
    [InlineData("1769852000")]
    public void Invalid_time_is_refused(string text) => Refused(Reader($"?at={text}"), reader => reader.Time("at"), "at");

    [Theory]
    [InlineData("0", 0)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("2.0", 2)]
    [InlineData("20e-1", 2)]
    [InlineData("-0", 0)]
    public void Whole_number_is_read(string text, long number) => Reader($"?version={text}").Whole("version").ShouldBe(number);

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("01")]
    [InlineData("9223372036854775808")]
    [InlineData("1e999999999")]
    [InlineData("1e-999999999")]
    public void Invalid_whole_number_is_refused(string text) =>
        Refused(Reader($"?version={text}"), reader => reader.Whole("version"), "version");

    [Theory]
    [InlineData("1", 1)]
    [InlineData("2e2", 200)]
    [InlineData("50.0", 50)]
    public void Limit_is_read_by_its_value(string text, int limit)
    {
        var reader = Reader($"?limit={text}");

        (reader.PageLimit(), reader.FirstOnly("rows"), reader.Error).ShouldBe((limit, limit, null));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("201")]
    [InlineData("1.5")]
    [InlineData("2e3")]
    [InlineData("1e400")]
    public void Limit_out_of_range_is_refused(string text)
    {
        Refused(Reader($"?limit={text}"), reader => reader.FirstOnly("rows"), "limit");
        var page = Reader($"?limit={text}");
        page.PageLimit();
        page.Error!.Fields!.Keys.ShouldBe(["limit"]);
    }

    [Theory]
    [InlineData("a%00b")]
    [InlineData("%01")]
    [InlineData("a%0Ab")]
    [InlineData("%C2%85")]
    public void Control_characters_in_a_text_are_refused(string text) =>
        Refused(Reader($"?snapshot={text}"), reader => reader.Text("snapshot"), "snapshot");

    [Fact]
    public void Text_has_at_most_1000_scalar_values()
    {
        var longest = string.Concat(Enumerable.Repeat("%F0%9F%98%80", 1000));

        Reader($"?type={longest}").Text("type")!.Length.ShouldBe(2000);
        Refused(Reader($"?type={longest}a"), reader => reader.Text("type"), "type");
    }

    [Fact]
    public void Word_outside_the_list_is_refused()
    {
        Reader("?by=day").OneOf("by", ["day", "month"]).ShouldBe("day");
        Refused(Reader("?by=year"), reader => reader.OneOf("by", ["day", "month"]), "by");
    }

    [Fact]
    public void Missing_parameters_are_null()
    {
        var reader = Reader("");

        (reader.Time("at"), reader.Whole("version"), reader.Id("stream")).ShouldBe((null, null, null));
        (reader.OneOf("by", ["day"]), reader.After(3), reader.Text("q")).ShouldBe((null, null, null));
        reader.PageLimit().ShouldBe(50);
        reader.Error.ShouldBeNull();
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00.000000Z")]
    [InlineData("1969-12-31T23:59:59.999999Z")]
    [InlineData("2026-01-31T09:30:00.123456Z")]
    [InlineData("9999-12-31T23:59:59.999999Z")]
    public void Position_round_trips_to_the_microsecond(string time)
    {
        var position = new ListCursor(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), Guid.CreateVersion7());

        var next = Reader("").UrlAfter(position);

        Reader(next["/list".Length..]).After().ShouldBe(position);
    }

    [Theory]
    [InlineData("AZrA-wAAcACAAAAAAAAAAA")]
    [InlineData("________________________________")]
    [InlineData("f_________8AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA*")]
    public void Invalid_position_is_refused(string cursor) =>
        Refused(Reader($"?after={cursor}"), reader => reader.After(), "after");

    [Fact]
    public void Cursor_round_trips()
    {
        var next = Reader("?type=t&after=old&limit=2").UrlAfter([1, 2, 3]);

        next.ShouldBe("/list?type=t&limit=2&after=AQID");
        Reader("?after=AQID").After(3).ShouldBe([1, 2, 3]);
        Refused(Reader("?after=AQID"), reader => reader.After(4), "after");
        Refused(Reader("?after=AQI*"), reader => reader.After(3), "after");
    }

    [Fact]
    public void Invalid_route_id_takes_precedence_over_other_errors()
    {
        var reader = Reader("?at=x");

        reader.RouteId();
        reader.Time("at");

        reader.Error!.Slug.ShouldBe("invalid-id");
    }

    private static void Refused<T>(QueryReader reader, Func<QueryReader, T> read, string field)
    {
        read(reader).ShouldBe(default);
        reader.Error!.Fields!.Keys.ShouldBe([field]);
    }

    private static QueryReader Reader(string query)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = "/list";
        context.Request.QueryString = new QueryString(query);
        return new QueryReader(context.Request);
    }
}
