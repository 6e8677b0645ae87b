using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Monolith.BuildingBlocks.Events.Postgres.Schema;
using Monolith.BuildingBlocks.Projections.Postgres;

#nullable disable

namespace Monolith.Modules.Orders.Infrastructure.Migrations
{
    /// <inheritdoc />
    internal partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "orders");

            migrationBuilder.CreateTable(
                name: "orders",
                schema: "orders",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    total = table.Column<decimal>(type: "numeric", nullable: false),
                    items = table.Column<string>(type: "jsonb", nullable: false),
                    placed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    delivery_address_city = table.Column<string>(type: "text", nullable: false),
                    delivery_address_country = table.Column<string>(type: "text", nullable: false),
                    delivery_address_postal_code = table.Column<string>(type: "text", nullable: false),
                    delivery_address_street = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_orders", x => x.id);
                    table.CheckConstraint("ck_orders_status", "status in ('placed', 'paid', 'shipped', 'cancelled')");
                });

            migrationBuilder.CreateIndex(
                name: "ix_orders_customer_id_id",
                schema: "orders",
                table: "orders",
                columns: new[] { "customer_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_orders_status_id",
                schema: "orders",
                table: "orders",
                columns: new[] { "status", "id" });

            migrationBuilder.CreateLog("orders");
            migrationBuilder.Sql("grant select, insert, update on orders.orders to orders_app;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropLog("orders");

            migrationBuilder.DropTable(
                name: "orders",
                schema: "orders");
        }
    }
}
